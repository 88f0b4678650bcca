export * from "../../../dist/src/ctx/page.js";
