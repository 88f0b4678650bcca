/**
 * What one message on a link is: a hop header, which every node on the way reads, and a body, which only the two ends
 * do (cluster.md 5.4). The header is fixed and binary, so that a relay looks at a few bytes and passes the same buffer on:
 *
 *     u8 type   u8 flags   u8 ttl   u8 prio   u16 length of dst   u16 length of src   dst   src   body
 *
 * `ttl` alone changes on the way and is outside of every signature; `dst` and `src` stand signed in the body too.
 */
import { fail } from "../../ctx/index.ts";

/** The kinds of frames. Before a link is authenticated only hello, auth, join and ping are answered. */
export const frameTypes = { hello: 1, auth: 2, join: 3, ping: 4, pong: 5, route: 6, batch: 7 } as const;
export type FrameType = (typeof frameTypes)[keyof typeof frameTypes];

/** How many hops a frame may make. */
const firstTtl = 16;
/** Who goes first when a link is full. */
export const prios = { control: 0, interactive: 1, bulk: 2 } as const;

const headSize = 8;

export interface Frame {
  readonly type: FrameType;
  readonly ttl: number;
  readonly prio: number;
  readonly dst: string;
  readonly src: string;
  readonly body: Buffer;
}

const known: ReadonlySet<number> = new Set(Object.values(frameTypes));

/** Writes a frame; addresses are empty for what goes to the next node only. */
export function writeFrame(type: FrameType, body: Uint8Array, dst = "", src = "", prio = 0): Buffer {
  const dstLength = Buffer.byteLength(dst);
  const srcLength = Buffer.byteLength(src);
  const bytes = Buffer.allocUnsafe(headSize + dstLength + srcLength + body.length);
  bytes[0] = type;
  bytes[1] = 0;
  bytes[2] = firstTtl;
  bytes[3] = prio;
  bytes.writeUInt16BE(dstLength, 4);
  bytes.writeUInt16BE(srcLength, 6);
  bytes.write(dst, headSize);
  bytes.write(src, headSize + dstLength);
  bytes.set(body, headSize + dstLength + srcLength);
  return bytes;
}

/** Reads a frame; throws on anything that is none. The body is a view of the message. */
export function readFrame(bytes: Buffer): Frame {
  if (bytes.length < headSize) throw damaged("is too short");
  const type = bytes[0] as number;
  if (!known.has(type)) throw damaged(`is of the unknown type ${type}`);
  const dstEnd = headSize + bytes.readUInt16BE(4);
  const srcEnd = dstEnd + bytes.readUInt16BE(6);
  if (srcEnd > bytes.length) throw damaged("ends within its addresses");
  return {
    type: type as FrameType,
    ttl: bytes[2] as number,
    prio: bytes[3] as number,
    dst: bytes.toString("utf8", headSize, dstEnd),
    src: bytes.toString("utf8", dstEnd, srcEnd),
    body: bytes.subarray(srcEnd),
  };
}

/** Takes one hop off a frame, in place; false when it has made all it may. */
export function hop(bytes: Buffer): boolean {
  const ttl = bytes[2] as number;
  if (ttl <= 1) return false;
  bytes[2] = ttl - 1;
  return true;
}

const damaged = (what: string) => fail("failed", { problem: `a frame ${what}` });
