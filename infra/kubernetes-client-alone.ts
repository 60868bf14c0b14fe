/**
 * Of the Kubernetes client, which has a method for each of a thousand operations and a class for each of seven hundred types, keeps what our
 * adapters name: whoever calls a method spells its name out. Else each function that asks a cluster would read 1.2 MB more at a cold start.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";
import * as z from "zod";
import { skipBodies } from "./skipped-bodies.ts";
import type { SpelledAttribute, SpelledModels } from "./spelled-models.ts";

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

/** `V1Pod.attributeTypeMap = [ … ];`, in the notation of JSON. */
const attributes = /^\w+\.attributeTypeMap = (\[[^]*?\]);$/m;

/** No model of Kubernetes is one of several that another names. */
const standsForItself = /^\w+\.discriminator = undefined;$/m;

const attributesSchema = z.array(
  z.strictObject({ name: z.string(), baseName: z.string(), type: z.string(), format: z.string() }),
);

const attributesIn = (source: string, name: string): readonly SpelledAttribute[] => {
  const [, text] = attributes.exec(source) ?? [];
  if (text === undefined || !standsForItself.test(source)) {
    throw new Error(`The Kubernetes client spells its model ${name} otherwise by now.`);
  }
  return attributesSchema
    .parse(JSON.parse(text))
    .map(({ name: ours, baseName, type, format }) => [ours, baseName, type, format]);
};

/** Beside the models. */
const notModels = ["ObjectSerializer", "all"];

/** Those that the operations need, and all that these are made of. */
const neededModels = (folder: string, first: readonly string[]): SpelledModels => {
  const files = readdirSync(join(folder, "models")).filter((file) => file.endsWith(".js"));
  const known = new Set(files.map((file) => file.slice(0, -3)));
  for (const other of notModels) known.delete(other);
  const needed: Record<string, readonly SpelledAttribute[]> = {};
  const ahead = first.filter((name) => known.has(name));
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (Object.hasOwn(needed, name)) continue;
    const source = readFileSync(join(folder, "models", `${name}.js`), "utf8");
    needed[name] = attributesIn(source, name);
    ahead.push(...typesIn(source, known));
  }
  return needed;
};

/** `export * from '../models/V1Pod.js';` */
const exportedModel = /^export \* from '\.\.\/models\/(\w+)\.js';?\n/gm;

/** `import { V1Pod } from '../models/V1Pod.js';` */
const importedModel = /^import \{ \w+ \} from '\.\.\/models\/(\w+)\.js';?\n/gm;

/** Bodies that our adapters send are objects of a class: of which, nobody asks. */
const plainModels = (source: string, named: ReadonlySet<string>): string =>
  source.replaceAll(exportedModel, (whole, name: string) => {
    if (notModels.includes(name)) return whole;
    return named.has(name) ? `export class ${name} {}\n` : "";
  });

/** `let typeMap = { "V1Pod": V1Pod, … };` */
const tableOfModels = /^let typeMap = \{\n[^]*?^\};?\n/m;

const maker = fileURLToPath(new URL("spelled-models.ts", import.meta.url));

/**
 * Two hundred classes, each with a table of its own, were a tenth of a bundle: V8 went through all of them at each cold start, and a step
 * asks for a dozen.
 */
const withSpelledModels = (source: string, models: SpelledModels): string => {
  const text = JSON.stringify(JSON.stringify(models));
  const table = `let made;\nfunction typeMap() { return made ??= modelsOf(${text}); }\n`;
  const spelled = source
    .replaceAll(exportedModel, "")
    .replaceAll(importedModel, "")
    .replaceAll("new typeMap[type]()", "new (typeMap()[type])()")
    .replaceAll("typeMap[", "typeMap()[")
    .replace(tableOfModels, () => table);
  if (!spelled.includes(table)) {
    throw new Error("The serializer of the Kubernetes client has its models otherwise by now.");
  }
  return `import { modelsOf } from ${JSON.stringify(maker)};\n${spelled}`;
};

const generated = (file: string): RegExp =>
  new RegExp(`[/\\\\]client-node[/\\\\]dist[/\\\\]gen[/\\\\]${file}\\.js$`);
const operations = generated("(?:apis[/\\\\]\\w+Api|types[/\\\\]\\w+API)");
const serializer = generated("models[/\\\\]ObjectSerializer");
const allModels = generated("models[/\\\\]all");
const index = generated("index");
const ownTransport = generated("http[/\\\\]isomorphic-fetch");

/** The client's own, which it makes where it is given none: undici, of which every function that asks a cluster would read 700 KB. */
const noTransport = `export class IsomorphicFetchHttpLibrary {
  constructor() { throw new Error("The client of Kubernetes was given no transport."); }
}`;

const modelsOfOperations = (folder: string, named: ReadonlySet<string>): SpelledModels => {
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
    build.onLoad({ filter: operations }, ({ path }) => ({
      contents: skipBodies(withMethods(withApis(readFileSync(path, "utf8"), named), named)),
      loader: "js",
    }));
    build.onLoad({ filter: ownTransport }, () => ({ contents: noTransport, loader: "js" }));
    build.onLoad({ filter: index }, ({ path }) => ({
      contents: indexOf(readFileSync(path, "utf8"), named),
      loader: "js",
    }));
    build.onLoad({ filter: allModels }, ({ path }) => ({
      contents: plainModels(readFileSync(path, "utf8"), named),
      loader: "js",
    }));
    build.onLoad({ filter: serializer }, ({ path }) => {
      const models = modelsOfOperations(dirname(dirname(path)), named);
      const source = withSpelledModels(readFileSync(path, "utf8"), models);
      return { contents: skipBodies(source), loader: "js" };
    });
  },
};
