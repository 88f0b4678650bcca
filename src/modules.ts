import type { Context } from "./ctx/index.ts";
import aaa from "./modules/aaa/index.ts";
import cli from "./modules/cli/index.ts";
import gdb from "./modules/gdb/index.ts";
import lex from "./modules/lex/index.ts";
import log from "./modules/log/index.ts";
import mdb from "./modules/mdb/index.ts";
import nfs from "./modules/nfs/index.ts";
import ssh from "./modules/ssh/index.ts";
import tcp from "./modules/tcp/index.ts";
import web from "./modules/web/index.ts";
import yac from "./modules/yac/index.ts";

/**
 * The modules of the product, in the order they start: log first, so that it hears of the others, and the HTTP door
 * before the links that come in by it. A new one is a folder in `modules/` and a line here.
 */
export const modules: readonly Context[] = [log, aaa, cli, gdb, lex, mdb, nfs, tcp, web, ssh, yac];
