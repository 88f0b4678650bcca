import type { AnyCommand } from "./command.ts";
import type { Help } from "./help-text.ts";
import type { Value } from "./kit/value.ts";
import type { Message } from "./message.ts";

/** A setting: the declaration, the default, the documentation and the key in one. From scripts it has a name, `nfs.ignored`. */
export interface Config<T = unknown> {
  readonly token: "config";
  readonly name: string;
  readonly help: Help;
  readonly value: T;
}

/** Declares a setting of a context; its type is that of its default. */
export function config<T>(name: string, value: T, help: Help): Config<T> {
  return { token: "config", name, help, value };
}

/** Numbers that are settings, each by its name in the code, as they are set at the moment. */
export function settingsOf<K extends string>(
  m: Message,
  settings: Readonly<Record<K, Config<number>>>,
): Readonly<Record<K, number>> {
  const now = {} as Record<K, number>;
  for (const key of Object.keys(settings) as K[]) Object.defineProperty(now, key, { get: () => m.conf(settings[key]) });
  return now;
}

/**
 * A live fact of a context (a gauge, not a store of copies; the seed calls it a cache): how many contexts there are,
 * which stream is open. With `read` it is asked each time; with `write` setting it does something.
 */
export interface Cache<T extends string | number | boolean = string | number | boolean> {
  readonly token: "cache";
  readonly name: string;
  readonly help: Help;
  readonly value: T;
  readonly read?: ((m: Message) => T) | undefined;
  readonly write?: ((m: Message, value: T) => T) | undefined;
}

interface CacheHooks<T> {
  readonly read?: (m: Message) => T;
  readonly write?: (m: Message, value: T) => T;
}

/** Declares a live fact of a context. */
export function cache<T extends string | number | boolean>(
  name: string,
  value: T,
  help: Help,
  hooks: CacheHooks<T> = {},
): Cache<T> {
  return { token: "cache", name, help, value, ...hooks };
}

export function isConfig(value: unknown): value is Config<never> {
  return typeof value === "object" && value !== null && (value as { token?: unknown }).token === "config";
}

/** A module: a named place in the tree with its live facts, settings, commands and child modules. */
export interface Context {
  readonly name: string;
  readonly help: Help;
  // biome-ignore lint/suspicious/noExplicitAny: a list holds tokens of every type
  readonly caches?: readonly Cache<any>[];
  // biome-ignore lint/suspicious/noExplicitAny: a list holds tokens of every type
  readonly configs?: readonly Config<any>[];
  readonly commands?: readonly AnyCommand[];
  readonly contexts?: readonly Context[];
  /** Opens what the module needs; whatever it opens it also hands to `m.onStop`. Gives the name of its stream, if it has one. */
  readonly start?: (m: Message) => string | undefined | Promise<string | undefined>;
}

/** Declares a module. Returns it unchanged. */
export function defineContext(context: Context): Context {
  return context;
}

/** The value of a setting made at run time. */
export type Setting = Value;
