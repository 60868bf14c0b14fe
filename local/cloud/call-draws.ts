/**
 * What a call draws, of ids above all, depends on the call alone where a world is to be played again: not on calls that were refused,
 * only read, or have left no trace. What happens by itself draws from the world's own streams.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { hash } from "node:crypto";
import { createRandom, type Random } from "./random.ts";

interface CallDraws {
  readonly key: string;
  /** By what they are for. */
  readonly streams: Map<string, Random>;
}

const current = new AsyncLocalStorage<CallDraws>();

/** @param key no other call of the world has the same */
export const duringCall = <Answer>(key: string, act: () => Answer): Answer =>
  current.run({ key, streams: new Map() }, act);

/** How a cloud makes a call: where none draws by itself, nobody asks which one it is. */
export const callsOf = (isPerCall: boolean): typeof duringCall =>
  isPerCall ? duringCall : (_key, act) => act();

const wordBytes = 4;

/** A stream of 32-bit numbers can't tell a hundred thousand calls apart by its own seed: this one has 256 bits. */
const streamOf = (text: string): Random => {
  let block = Buffer.of();
  let blocks = 0;
  let at = 0;
  const word = (): number => {
    if (at === block.byteLength) {
      block = hash("sha256", `${text}#${String(blocks)}`, "buffer");
      blocks += 1;
      at = 0;
    }
    at += wordBytes;
    return block.readUInt32BE(at - wordBytes);
  };
  const next = (): number => word() / 2 ** 32;
  return {
    next,
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    fork: (name) => streamOf(`${text}/${name}`),
    hex: (digits) =>
      Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join(""),
  };
};

/** Draws by the call that is being made, if one is. A fork that a call makes is by its name alone, whoever makes it. */
export const drawnPerCall = (random: Random, path = ""): Random => {
  const seedText = random.fork("per-call").hex(32);
  const present = (): Random => {
    const call = current.getStore();
    if (call === undefined) return random;
    const stream = call.streams.get(path) ?? streamOf(`${seedText} ${call.key}`);
    call.streams.set(path, stream);
    return stream;
  };
  return {
    next: () => present().next(),
    integer: (min, max) => present().integer(min, max),
    hex: (digits) => present().hex(digits),
    fork: (name) =>
      current.getStore() === undefined
        ? drawnPerCall(random.fork(name), `${path}/${name}`)
        : random.fork(name),
  };
};

/** The randomness of a cloud. @param isPerCall whether it is to be played again call by call */
export const cloudRandom = (seed: number, isPerCall: boolean): Random => {
  const random = createRandom(seed);
  return isPerCall ? drawnPerCall(random) : random;
};
