/** Values made up from a schema: what the round-trip tests send and answer. Never empty where a protocol can't say "empty". */
import type { Random } from "../../../local/cloud/random.ts";
import type { Shape, ShapeKind, Slot } from "../../../local/schemas/shape.ts";

/** Below this depth only required members are made up: some schemas contain themselves. */
const deepest = 4;

const texts = [
  "i-0abc",
  "with space",
  "a+b=c&d%20",
  "<tag> & \"quoted\" 'text'",
  "naïve — 東京 🚀",
  "line\nbreak",
  "0123",
  "true",
  "arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc",
  "a/b.c~d_e-f:g*h(i)",
];

type LeafKind = Exclude<ShapeKind, "structure" | "list" | "map">;

const isSimple = ({ kind }: Shape): boolean =>
  kind !== "structure" && kind !== "list" && kind !== "map";

export interface Sampler {
  readonly structure: (shape: Shape, depth?: number) => Record<string, unknown>;
}

export const createSampler = (random: Random): Sampler => {
  const pick = <Value>(values: readonly Value[]): Value => {
    const value = values[random.integer(0, values.length - 1)];
    if (value === undefined) throw new Error("nothing to pick from");
    return value;
  };

  const structure = (shape: Shape, depth = 0): Record<string, unknown> => {
    const slots = [...shape.members.values()];
    const chosen = shape.isUnion
      ? [pick(slots)]
      : slots.filter((slot) => slot.isRequired || isChosen(slot, depth));
    const entries = chosen
      .map((slot) => [slot.name, valueOf(slot, depth + 1)] as const)
      .filter(([, value]) => value !== undefined);
    return entries.length > 0 ? Object.fromEntries(entries) : leastOf(slots, depth);
  };

  /** One member, a simple one if there is any: so that a structure isn't empty. */
  const leastOf = (slots: readonly Slot[], depth: number): Record<string, unknown> => {
    const slot = slots.find(({ shape }) => isSimple(shape)) ?? slots[0];
    const value = slot && depth < 2 * deepest ? valueOf(slot, depth + 1) : undefined;
    return slot === undefined || value === undefined ? {} : { [slot.name]: value };
  };

  /** A token left out would be filled in by the SDK, and then input and request would differ. */
  const isChosen = (slot: Slot, depth: number): boolean =>
    Boolean(slot.traits.idempotencyToken) ||
    (depth < deepest && (depth === 0 || random.next() < 0.6));

  const valueOf = (slot: Slot, depth: number): unknown => {
    const { shape, name } = slot;
    if (name === "DryRun") return false;
    // EventBridge's of a global endpoint: the SDK makes a host of it, which would have to be one.
    if (name === "EndpointId") return undefined;
    // The SDK reads it from the status line.
    if (slot.traits.httpResponseCode) return 200;
    // Headers hold printable characters, and whole bodies of bytes are JSON here.
    if (slot.traits.httpHeader !== undefined) return `header-${random.hex(3)}`;
    if (slot.traits.httpPayload)
      return new TextEncoder().encode(JSON.stringify({ a: pick(texts) }));
    if (shape.kind === "structure") {
      const value = structure(shape, depth);
      return Object.keys(value).length === 0 ? undefined : value;
    }
    if (shape.kind === "list") return listOf(shape, depth);
    if (shape.kind === "map") return mapOf(shape, depth);
    return leaves[shape.kind](slot);
  };

  const listOf = (shape: Shape, depth: number): readonly unknown[] | undefined => {
    const { item } = shape;
    if (item === undefined) return undefined;
    const items = Array.from({ length: random.integer(1, 2) }, () => valueOf(item, depth + 1));
    const made = items.filter((each) => each !== undefined);
    return made.length === 0 ? undefined : made;
  };

  const mapOf = (shape: Shape, depth: number): Record<string, unknown> | undefined => {
    const { item } = shape;
    if (item === undefined) return undefined;
    const value = valueOf(item, depth + 1);
    return value === undefined ? undefined : { [`key ${random.hex(3)}`]: value };
  };

  const timeOf = ({ schema }: Slot): Date => {
    // 6: HTTP dates have whole seconds.
    const milliseconds = schema.getSchema() === 6 ? 0 : random.integer(0, 999);
    return new Date(random.integer(0, 4_000_000_000) * 1000 + milliseconds);
  };

  const leaves: Readonly<Record<LeafKind, (slot: Slot) => unknown>> = {
    string: ({ traits }) =>
      traits.mediaType === undefined ? pick(texts) : JSON.stringify({ a: [1, "b"] }),
    number: () => pick([0, 1, -7, 1.5, 2 ** 31, 0.1]),
    boolean: () => random.next() < 0.5,
    timestamp: timeOf,
    blob: () => new Uint8Array(Array.from({ length: 5 }, () => random.integer(0, 255))),
    "big-integer": () => BigInt(random.integer(0, 1000)) * 10n ** 15n,
    "big-decimal": () => undefined,
    document: () => undefined,
    unit: () => undefined,
  };

  return { structure };
};
