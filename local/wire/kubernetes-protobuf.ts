/**
 * Reads the few objects that kubectl sends in protobuf whatever the server speaks: evictions, deletions and what it asks about itself.
 * Answers are JSON, which it takes. Source: Kubernetes documentation, "API concepts", "Kubernetes Protobuf encoding"; field numbers as
 * in the API's `generated.proto`; Protocol Buffers, "Encoding".
 */

type FieldKind = "string" | "strings" | "integer" | Message;

/** By field number: the member's name and what it holds. */
interface Message {
  readonly [number: number]: readonly [name: string, kind: FieldKind];
}

const metadata: Message = { 1: ["name", "string"], 3: ["namespace", "string"] };

const deleteOptions: Message = {
  1: ["gracePeriodSeconds", "integer"],
  2: ["preconditions", { 1: ["uid", "string"], 2: ["resourceVersion", "string"] }],
  4: ["propagationPolicy", "string"],
  5: ["dryRun", "strings"],
};

const resourceAttributes: Message = {
  1: ["namespace", "string"],
  2: ["verb", "string"],
  3: ["group", "string"],
  4: ["version", "string"],
  5: ["resource", "string"],
  6: ["subresource", "string"],
  7: ["name", "string"],
};

const messages: Readonly<Record<string, Message>> = {
  Eviction: { 1: ["metadata", metadata], 2: ["deleteOptions", deleteOptions] },
  DeleteOptions: deleteOptions,
  SelfSubjectReview: {},
  SelfSubjectAccessReview: { 2: ["spec", { 1: ["resourceAttributes", resourceAttributes] }] },
};

/** What each object stands in: its type, and its own bytes in field 2. */
const envelope: Message = {
  1: ["type", { 1: ["apiVersion", "string"], 2: ["kind", "string"] }],
};
const ownBytes = 2;

const magic = Buffer.from("k8s\0");

interface Field {
  readonly number: number;
  readonly value: number | Buffer;
}

/** Base 128, the low groups first. */
const varint = (bytes: Buffer, at: number): { readonly value: number; readonly next: number } => {
  let [value, next, scale] = [0, at, 1];
  for (;;) {
    const byte = bytes[next];
    if (byte === undefined) throw new RangeError("The message ends within a number.");
    value += (byte & 0x7f) * scale;
    next += 1;
    scale *= 128;
    if (byte < 0x80) return { value, next };
  }
};

/** @throws RangeError for bytes that are not a message of numbers, texts and messages */
const fieldsOf = (bytes: Buffer): readonly Field[] => {
  const fields: Field[] = [];
  let at = 0;
  while (at < bytes.byteLength) {
    const key = varint(bytes, at);
    const [number, wireType] = [key.value >> 3, key.value & 7];
    if (wireType !== 0 && wireType !== 2) throw new RangeError(`Wire type ${String(wireType)}.`);
    const head = varint(bytes, key.next);
    const end = wireType === 0 ? head.next : head.next + head.value;
    if (end > bytes.byteLength) throw new RangeError("The message ends within a field.");
    fields.push({ number, value: wireType === 0 ? head.value : bytes.subarray(head.next, end) });
    at = end;
  }
  return fields;
};

const asBytes = (value: number | Buffer): Buffer =>
  typeof value === "number" ? Buffer.alloc(0) : value;

const decode = (bytes: Buffer, message: Message): Readonly<Record<string, unknown>> => {
  const object: Record<string, unknown> = {};
  for (const { number, value } of fieldsOf(bytes)) {
    const [name, kind] = message[number] ?? [];
    if (name === undefined || kind === undefined) continue;
    if (kind === "integer") object[name] = value;
    else if (kind === "string") object[name] = asBytes(value).toString("utf8");
    else if (kind === "strings") {
      const before = (object[name] ?? []) as readonly string[];
      object[name] = [...before, asBytes(value).toString("utf8")];
    } else object[name] = decode(asBytes(value), kind);
  }
  return object;
};

/** Undefined for an object that is not read here. @throws RangeError for bytes that are not protobuf */
export const readProtobuf = (bytes: Buffer): Readonly<Record<string, unknown>> | undefined => {
  if (!bytes.subarray(0, magic.byteLength).equals(magic)) return undefined;
  const whole = bytes.subarray(magic.byteLength);
  const { type } = decode(whole, envelope) as {
    readonly type?: { readonly apiVersion?: string; readonly kind?: string };
  };
  const message = messages[type?.kind ?? ""];
  const raw = fieldsOf(whole).find(({ number }) => number === ownBytes)?.value;
  if (message === undefined || raw === undefined) return undefined;
  return { apiVersion: type?.apiVersion, kind: type?.kind, ...decode(asBytes(raw), message) };
};
