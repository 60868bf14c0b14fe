/**
 * Writes the schemas of each SDK client as one text (`spelled-schemas.ts` reads it). V8 only scans a text; as functions, the schemas were
 * a sixth of all that it had to parse at a cold start, and an invocation asks for a tenth of them. What a bundle asks for is seen when it is made.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Metafile } from "esbuild";
import { reference } from "./spelled-schemas.ts";

/** `export var RunInstancesRequest$ = [ … ];` over as many lines as it takes. */
const schemaConstant = /^(export |)var ([\w$]+) = (\[[^]*?\]);$/gm;

/** `const _xN = "xmlName";`: each name of a schema stands in a constant of its own. */
const nameConstant = /^(?:const|var) (_\w+) = ("[^"\\]*");$/gm;

/** A string, which is left as it is, or a word. */
const stringOrName = /"[^"]*"|`[^`]*`|\b_\w+\b/g;

/** `() => Placement$`, as one schema refers to another. */
const thunk = /\(\) => ([\w$]+)/g;

/** Simple ones, lists, maps, structures and unions: what is asked for by reference. Operations and errors stay as they are. */
const isReferredTo = (schema: string): boolean => /^\[[0-4],/.test(schema);

/** `const n0 = "com.amazonaws.ec2";` */
const namespaceConstant = /^const n0 = "[\w.]+";\n/m;

/** `[3, n0, "Placement",` */
const head = /^\[(\d), n0, ("\w+"),/;

/** A list of strings is `64 | 0`. */
const sum = /\b(\d+) \| (\d+)\b/g;

/** `{ ["xmlName"]: "item" }` */
const computedKey = /\[("[^"]*")\]:/g;

/** A string between back quotes. */
const plainTemplate = /`([^`"\\$]*)`/g;

/** A schema that no other shares stands within the one that it is of, with its namespace. */
const stringOrNamespace = /"[^"]*"|\bn0\b/g;

/** By name, a line of the text. */
type Lines = ReadonlyMap<string, string>;

interface Spelled {
  readonly source: string;
  readonly lines: Lines;
}

const maker = fileURLToPath(new URL("spelled-schemas.ts", import.meta.url));

const lineOf = (schema: string): string => {
  const json = schema
    .replace(head, "[$1, $2,")
    .replaceAll(sum, (_, one: string, other: string) => String(Number(one) | Number(other)))
    .replaceAll(computedKey, "$1:")
    .replaceAll(plainTemplate, '"$1"')
    .replaceAll(stringOrNamespace, (word) => (word === "n0" ? `"${reference}"` : word));
  return JSON.stringify(JSON.parse(json)).slice(1, -1);
};

/** @param placeholder a name that stands for the text until the bundle is made */
const spell = (source: string, placeholder: string): Spelled => {
  if (!namespaceConstant.test(source)) throw new Error("The SDK spells its schemas otherwise.");
  const texts = new Map(
    [...source.matchAll(nameConstant)].map(([, name = "", text = ""]) => [name, text]),
  );
  const inPlace = (schema: string): string =>
    schema.replaceAll(stringOrName, (word) => texts.get(word) ?? word);
  const names = new Map(
    [...source.matchAll(schemaConstant)].flatMap(([, , constant = "", schema = ""]) =>
      isReferredTo(schema)
        ? [[constant, JSON.parse(head.exec(inPlace(schema))?.[2] ?? "") as string]]
        : [],
    ),
  );
  const lines = new Map<string, string>();
  const asking = (name: string): string => `/* @__PURE__ */ schemaNamed("${name}")`;
  const refer = (schema: string, write: (name: string) => string): string =>
    inPlace(schema).replaceAll(thunk, (whole, constant: string) => {
      const name = names.get(constant);
      return name === undefined ? whole : write(name);
    });
  const rewritten = source.replaceAll(schemaConstant, (...match: readonly string[]) => {
    const [, exported = "", constant = "", schema = ""] = match;
    const name = names.get(constant);
    if (name === undefined) return `${exported}var ${constant} = ${refer(schema, asking)};`;
    if (lines.has(name)) throw new Error(`The SDK has two schemas named ${name}.`);
    lines.set(name, lineOf(refer(schema, (other) => `"${reference}${other}"`)));
    return exported === "" ? "" : `export var ${constant} = ${asking(name)}();`;
  });
  const making =
    `import { schemasOf } from ${JSON.stringify(maker)};\n` +
    `const schemaNamed = /* @__PURE__ */ schemasOf(function () { return ${placeholder}; }, n0);\n`;
  return { source: rewritten.replace(namespaceConstant, (line) => line + making), lines };
};

/** `("Placement")`; esbuild breaks lines in the midst of strings. */
const askedFor = /\(\s*"((?:\w|\\\n)+)"\s*\)/g;

/** `"&Placement"` in a line. */
const referredTo = new RegExp(`"${reference}(\\w+)"`, "g");

const needed = (lines: Lines, bundle: string): readonly string[] => {
  const found = new Map<string, string>();
  const ahead = [...bundle.matchAll(askedFor)].map(([, name = ""]) => name.replaceAll("\\\n", ""));
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    const line = lines.get(name);
    if (line === undefined || found.has(name)) continue;
    found.set(name, line);
    ahead.push(...[...line.matchAll(referredTo)].map(([, other = ""]) => other));
  }
  return [...found.values()].toSorted();
};

/** A crash quotes the line it happened in: each stands on one of its own. */
const literalOf = (lines: readonly string[]): string => {
  const text = lines.join("\n");
  if (/['\\\r]/.test(text)) throw new Error("A schema of the SDK has what a string can't have.");
  return `'${text.replaceAll("\n", "\\n\\\n")}'`;
};

/** `…/client-ec2/dist-es/schemas/schemas_0.js` */
const clientOf = /[/\\]client-([\w-]+)[/\\]dist-es[/\\]/;

export interface SchemasAsText {
  /** What is left of a file of schemas: operations and errors, and a place for the text. */
  readonly rewrite: (source: string, path: string) => string;
  /** Writes into the bundles, where they lie, the texts that they need. */
  readonly fill: (outputs: Metafile["outputs"]) => void;
}

export const schemasAsText = (): SchemasAsText => {
  const byPlace = new Map<string, Lines>();
  const linesOf = (place: string): Lines => {
    const lines = byPlace.get(place);
    if (lines === undefined) throw new Error(`No schemas were read for ${place}.`);
    return lines;
  };
  return {
    rewrite: (source, path) => {
      const [, client = ""] = clientOf.exec(path) ?? [];
      const place = `schemas_of_client_${client.replaceAll("-", "_")}`;
      const spelled = spell(source, place);
      byPlace.set(place, spelled.lines);
      return spelled.source;
    },
    fill: (outputs) => {
      for (const [path, output] of Object.entries(outputs)) {
        const bundle = readFileSync(path, "utf8");
        const filled = bundle.replaceAll(/\bschemas_of_client_\w+/g, (place) =>
          literalOf(needed(linesOf(place), bundle)),
        );
        if (filled === bundle) continue;
        writeFileSync(path, filled);
        output.bytes = Buffer.byteLength(filled);
      }
    },
  };
};
