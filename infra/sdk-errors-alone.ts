/**
 * The SDK has a class of twelve lines for each error that a service may answer with, 150 of them in the bundle of a step, and registers all at
 * each cold start; a function meets one in its life. Here each is made by one function, of its name and of whose fault it is (what else it
 * says, the SDK copies from the answer), once its service's errors are first looked up: when it answers with one.
 */
import { skipBodies } from "./skipped-bodies.ts";

/** `export class ThrottlingException extends __BaseException {` to the brace that closes it. */
const errorClass = /^export class (\w+) extends __BaseException \{\n((?: {4}[^\n]*\n)*)\}\n/gm;

const fault = /^ {4}\$fault = "(client|server)";$/m;

/** What stands in the classes of which nothing but the name, the fault and the names of members is another. */
const usual = [
  /^static shapeId = "[\w.#]+";$/,
  /^name = "\w+";$/,
  /^\$fault = "\w+";$/,
  /^\w+;$/,
  /^constructor\(opts\) \{$/,
  /^super\(\{$/,
  /^name: "\w+",$/,
  /^\$fault: "\w+",$/,
  /^\.\.\.opts,$/,
  /^\}\);$/,
  /^Object\.setPrototypeOf\(this, \w+\.prototype\);$/,
  /^this\.(\w+) = opts\.\1;$/,
  /^\}$/,
];

const isUsual = (body: string): boolean =>
  body
    .trimEnd()
    .split("\n")
    .every((line) => usual.some((form) => form.test(line.trim())));

const maker = `const errorOf = (name, $fault) => ({
  [name]: class extends __BaseException {
    name = name;
    $fault = $fault;
    constructor(opts) {
      super({ name, $fault, ...opts });
      Object.setPrototypeOf(this, new.target.prototype);
    }
  },
})[name];
`;

/** Of each class a function that makes it. @throws Error if none of a service's errors is a class of the known form */
export const makersOfErrors = (source: string, path: string): string => {
  let count = 0;
  const made = source.replaceAll(errorClass, (whole, name: string, body: string) => {
    const [, whose] = fault.exec(body) ?? [];
    if (whose === undefined || !isUsual(body)) {
      const itself = whole.replace("export class", "return class");
      return `export function ${name}() {\n${itself}}\n`;
    }
    count += 1;
    return `export function ${name}() { return errorOf("${name}", "${whose}"); }\n`;
  });
  if (count === 0) throw new Error(`The SDK spells its errors otherwise by now: ${path}.`);
  return `${maker}${made}`;
};

/** `n0_registry.registerError(InvalidDocument$, InvalidDocument);` The base class is in a registry of another name. */
const registeredError = /^n0_registry\.registerError\(([\w$]+), (\w+)\);\n/gm;

const ownRegistry = /^const n0_registry = (?:new TypeRegistry|TypeRegistry\.for)\(n0\);\n/m;

/** `export var InvalidDocument$ = [-3, … ];` over as many lines as it takes. */
const errorSchema = /^(?:export )?var ([\w$]+) = (\[-3,[^]*?\]);\n/gm;

export const registerErrorsLater = (source: string): string => {
  const schemas = new Map(
    [...source.matchAll(errorSchema)].map(([, name = "", schema = ""]) => [name, schema]),
  );
  const registered = new Map(
    [...source.matchAll(registeredError)].map(([, schema = "", name = ""]) => [schema, name]),
  );
  if (registered.size === 0) return source;
  if (!ownRegistry.test(source)) throw new Error("The SDK keeps its errors otherwise by now.");
  const lines = [...registered].map(
    ([schema, name]) => `registry.registerError(${schemas.get(schema) ?? schema}, ${name}());`,
  );
  const later = `n0_registry.registerLater = function (registry) {\n${lines.join("\n")}\n};\n`;
  return source
    .replaceAll(registeredError, "")
    .replaceAll(errorSchema, (whole, name: string) => (registered.has(name) ? "" : whole))
    .replace(ownRegistry, (line) => line + later);
};

/** What stands in the SDK's own files, and what stands there instead. */
type Change = readonly [from: string, to: string];

const registersLater: Change = [
  "copyFrom(other) {\n",
  `copyFrom(other) {
      const { registerLater } = other;
      other.registerLater = undefined;
      registerLater?.(other);
    `,
];

const copiesNothing: Change = [
  `for (const etr of options.errorTypeRegistries ?? []) {
            this.compositeErrorRegistry.copyFrom(etr);
        }`,
  "this.compositeErrorRegistry.copiedLater = options.errorTypeRegistries ?? [];",
];

const copiesNow: Change = [
  "compose(composite, errorIdentifier, defaultNamespace) {\n",
  `compose(composite, errorIdentifier, defaultNamespace) {
      const { copiedLater } = composite;
      composite.copiedLater = undefined;
      for (const other of copiedLater ?? []) composite.copyFrom(other);
    `,
];

const changed =
  ([from, to]: Change) =>
  (source: string): string => {
    if (!source.includes(from)) throw new Error("The SDK looks errors up otherwise by now.");
    return skipBodies(source.replace(from, to));
  };

/** All that looks errors up copies them from the registry of their service first. */
export const registryThatRegistersLater = changed(registersLater);

/** A client's protocol copies the registries of its service when it is made: from now on when it has an error to make. */
export const protocolThatCopiesLater = changed(copiesNothing);
export const composerThatCopies = changed(copiesNow);
