/**
 * Of the Kubernetes client, which has a method for each of a thousand operations and a class for each of seven hundred types, keeps what our
 * adapters name: whoever calls a method spells its name out. Else each function that asks a cluster would read 1.2 MB more at a cold start.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "esbuild";
import { skipBodies } from "./skipped-bodies.ts";

const ownFolder = "adapters/kubernetes";

const wordsIn = (text: string): ReadonlySet<string> => new Set(text.match(/\w+/g));

/** Each word that our adapters write, comments included. */
const ownWords = (): ReadonlySet<string> =>
  wordsIn(
    readdirSync(ownFolder)
      .map((file) => readFileSync(join(ownFolder, file), "utf8"))
      .join("\n"),
  );

/** `    async listNode(…) {` to the brace that closes it, with what is said above it: of generated classes, which are all indented alike. */
const method =
  /^(?: {4}\/\*\*\n(?: {5}\*[^\n]*\n)+)? {4}(?:async )?(\w+)\([^\n]*\) \{\n[^]*?^ {4}\}\n/gm;

/** An operation has two: one gives the object, the other the answer's headers too. */
const operationOf = (name: string): string => name.replace(/WithHttpInfo$/, "");

const withMethods = (source: string, named: ReadonlySet<string>): string =>
  source.replaceAll(method, (whole, name: string) =>
    name === "constructor" || named.has(operationOf(name)) ? whole : "",
  );

/** `export class ObservableCoreV1Api {` to the brace that closes it, with the import above it. */
const apiClass = /^import [^\n]*\nexport class (?:Object|Observable)(\w+Api) \{\n[^]*?^\}\n/gm;

const withApis = (source: string, named: ReadonlySet<string>): string =>
  source.replaceAll(apiClass, (whole, name: string) => (named.has(name) ? whole : ""));

/** `ObjectCoreV1Api as CoreV1Api, ` in the index. */
const exportedApi = /\bObject(\w+Api) as \w+(?:, )?/g;

const indexOf = (source: string, named: ReadonlySet<string>): string =>
  source.replaceAll(exportedApi, (whole, name: string) => (named.has(name) ? whole : ""));

/** Types by their names: `"type": "Array<V1Taint>"` of a model, `"V1NodeList"` of an operation. */
const quoted = /"([^"\n]*)"/g;

const typesIn = (source: string, known: ReadonlySet<string>): readonly string[] =>
  [...source.matchAll(quoted)].flatMap(([, text = ""]) =>
    [...wordsIn(text)].filter((word) => known.has(word)),
  );

/** Those that the operations need, and all that these are made of. */
const neededModels = (folder: string, first: readonly string[]): ReadonlySet<string> => {
  const files = readdirSync(join(folder, "models")).filter((file) => file.endsWith(".js"));
  const known = new Set(files.map((file) => file.slice(0, -3)));
  const needed = new Set<string>();
  const ahead = first.filter((name) => known.has(name));
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    ahead.push(...typesIn(readFileSync(join(folder, "models", `${name}.js`), "utf8"), known));
  }
  return needed;
};

/** `export * from '../models/V1Pod.js';`, an import of it, and `    "V1Pod": V1Pod,` in the table of types. */
const modelLines = [
  /^export \* from '\.\.\/models\/(\w+)\.js';?\n/gm,
  /^import \{ \w+ \} from '\.\.\/models\/(\w+)\.js';?\n/gm,
  /^ {4}"(\w+)": \w+,?\n/gm,
];

const withModels = (source: string, needed: ReadonlySet<string>): string =>
  modelLines.reduce(
    (text, line) =>
      text.replaceAll(line, (whole, name: string) =>
        needed.has(name) || name === "ObjectSerializer" ? whole : "",
      ),
    source,
  );

const generated = (file: string): RegExp =>
  new RegExp(`[/\\\\]client-node[/\\\\]dist[/\\\\]gen[/\\\\]${file}\\.js$`);
const operations = generated("(?:apis[/\\\\]\\w+Api|types[/\\\\]\\w+API)");
const tables = generated("models[/\\\\](?:ObjectSerializer|all)");
const index = generated("index");
const ownTransport = generated("http[/\\\\]isomorphic-fetch");

/** The client's own, which it makes where it is given none: undici, of which every function that asks a cluster would read 700 KB. */
const noTransport = `export class IsomorphicFetchHttpLibrary {
  constructor() { throw new Error("The client of Kubernetes was given no transport."); }
}`;

const modelsOfOperations = (folder: string, named: ReadonlySet<string>): ReadonlySet<string> => {
  const files = readdirSync(join(folder, "apis")).filter((file) => file.endsWith("Api.js"));
  const kept = files
    .map((file) => withMethods(readFileSync(join(folder, "apis", file), "utf8"), named))
    .join("\n");
  return neededModels(folder, [
    ...named,
    ...[...kept.matchAll(quoted)].map(([, text = ""]) => text),
  ]);
};

export const kubernetesClientAlone: Plugin = {
  name: "kubernetes-client-alone",
  setup: (build) => {
    const named = ownWords();
    let needed: ReadonlySet<string> | undefined;
    build.onLoad({ filter: operations }, ({ path }) => ({
      contents: skipBodies(withMethods(withApis(readFileSync(path, "utf8"), named), named)),
      loader: "js",
    }));
    build.onLoad({ filter: ownTransport }, () => ({ contents: noTransport, loader: "js" }));
    build.onLoad({ filter: index }, ({ path }) => ({
      contents: indexOf(readFileSync(path, "utf8"), named),
      loader: "js",
    }));
    build.onLoad({ filter: tables }, ({ path }) => {
      needed ??= modelsOfOperations(dirname(dirname(path)), named);
      return { contents: skipBodies(withModels(readFileSync(path, "utf8"), needed)), loader: "js" };
    });
  },
};
