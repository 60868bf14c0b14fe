/**
 * The SDK has a class of twelve lines for each error that a service may answer with, 150 of them in the bundle of a step. V8 goes through
 * all at each cold start, and a function meets one in its life. Here each is made by one function, of its name and of whose fault it is:
 * what else it says, the SDK copies from the answer.
 */
import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

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

/** @throws Error if none of a service's errors is a class of the known form */
const madeByOne = (source: string, path: string): string => {
  let count = 0;
  const made = source.replaceAll(errorClass, (whole, name: string, body: string) => {
    const [, whose] = fault.exec(body) ?? [];
    if (whose === undefined || !isUsual(body)) return whole;
    count += 1;
    return `export const ${name} = /* @__PURE__ */ errorOf("${name}", "${whose}");\n`;
  });
  if (count === 0) throw new Error(`The SDK spells its errors otherwise by now: ${path}.`);
  return `${maker}${made}`;
};

export const sdkErrorsAlone: Plugin = {
  name: "sdk-errors-alone",
  setup: (build) => {
    const filter = /[/\\]@aws-sdk[/\\]client-[\w-]+[/\\]dist-es[/\\]models[/\\]errors\.js$/;
    build.onLoad({ filter }, async ({ path }) => ({
      contents: madeByOne(await readFile(path, "utf8"), path),
      loader: "js",
    }));
  },
};
