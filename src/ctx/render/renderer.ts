import type { Piece } from "../table/operator.ts";
import { alignedRenderer } from "./aligned.ts";
import { csv, tsv } from "./delimited.ts";
import type { Format, Renderer, RenderOptions } from "./format.ts";
import { jsonArray, jsonMessage, ndjson } from "./json.ts";
import { html, markdown } from "./markup.ts";
import { rowRenderer } from "./rows.ts";
import { textRenderer } from "./text.ts";
import { yamlList } from "./yaml.ts";

/** Makes the renderer of a format for one message. */
export function renderer(format: Format, options: RenderOptions = {}): Renderer {
  switch (format) {
    case "terminal":
      return alignedRenderer(options, true);
    case "plain":
      return alignedRenderer({ header: options.header }, true);
    case "text":
      return textRenderer();
    case "json":
      return rowRenderer(options.message === undefined ? jsonArray() : jsonMessage(options.message));
    case "ndjson":
      return rowRenderer(ndjson());
    case "csv":
      return rowRenderer(csv(options));
    case "tsv":
      return rowRenderer(tsv(options));
    case "yaml":
      return rowRenderer(yamlList());
    case "md":
      return rowRenderer(markdown(options));
    case "html":
      return rowRenderer(html());
  }
}

/** Renders pieces that are all there, as text. */
export function renderText(format: Format, pieces: Iterable<Piece>, options: RenderOptions = {}): string {
  const decoder = new TextDecoder();
  let text = "";
  const out = (chunk: string | Uint8Array): void => {
    text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
  };
  const rendering = renderer(format, options);
  for (const piece of pieces) rendering.push(piece, out);
  rendering.end(out);
  return text + decoder.decode();
}
