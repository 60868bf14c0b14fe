/**
 * Leaves out of the SDK's clients what our sources do not name. esbuild drops it from each bundle in the end, but first it links all 780
 * commands of EC2 into each: most of the time that bundling takes. What is missed here is an error of esbuild's: no matching export.
 */
import { globSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** `export * from "./EC2";` beside its `./EC2Client`: a client with a method for each command. */
const clientOfAll = /^(export \* from "\.\/(\w+)Client";\n)export \* from "\.\/\2";\n/m;

/** Commands import what they need of these from its own file. */
const besideCommands = /^export \* from "\.\/(?:waiters|schemas\/\w+|models\/(?!enums)\w+)";\n/gm;

/** `export * from "./RunInstancesCommand";` and of paginators, each file of which is named after its operation. */
const ofOperation = /^export \* from "\.\/(\w+)(Command|Paginator)";\n/gm;

/** `export const TenancyEnum = { … };` */
const namesOfValues = /^export const (\w+) = \{\n[^]*?^\};\n/gm;

let words: ReadonlySet<string> | undefined;

/** Each word that a function's source may say, comments included. */
const ourWords = (): ReadonlySet<string> =>
  (words ??= new Set(
    globSync("{adapters,core,lambdas}/**/*.ts").flatMap(
      (path) => readFileSync(path, "utf8").match(/\w+/g) ?? [],
    ),
  ));

/** What stands of one of these patterns goes, unless our sources have the name. */
const unlessOurs =
  (pattern: RegExp, nameOf = (word: string, _kind: string): string => word) =>
  (source: string): string =>
    source.replaceAll(pattern, (whole, word: string, kind: string) =>
      ourWords().has(nameOf(word, kind)) ? whole : "",
    );

const indexAlone = (source: string): string => {
  if (!clientOfAll.test(source)) throw new Error("A client of the SDK exports itself otherwise.");
  return source.replace(clientOfAll, "$1").replaceAll(besideCommands, "");
};

const operationsAlone = unlessOurs(ofOperation, (operation, kind) =>
  kind === "Command" ? `${operation}Command` : `paginate${operation}`,
);

const rewrites = [
  ["index", indexAlone],
  ["(?:commands|pagination)[/\\\\]index", operationsAlone],
  ["models[/\\\\]enums", unlessOurs(namesOfValues)],
] as const;

export const sdkClientsAlone: Plugin = {
  name: "sdk-clients-alone",
  setup: (build) => {
    for (const [file, rewrite] of rewrites) {
      const filter = new RegExp(
        `[/\\\\]@aws-sdk[/\\\\]client-[\\w-]+[/\\\\]dist-es[/\\\\]${file}\\.js$`,
      );
      build.onLoad({ filter }, async ({ path }) => ({
        contents: rewrite(await readFile(path, "utf8")),
        loader: "js",
      }));
    }
  },
};

/** Schemas are arrays, as in infra/tree-shaking.ts, each in a constant of its own. */
const schema = /^(?:export )?var ([\w$]+) = \[[^]*?\];\n/gm;

/** `const _IT = "InstanceType";` */
const nameOfMember = /^(?:const|var) (_\w+) = "[^"\\]*";\n/gm;

/** `RunInstancesRequest$`, `_IT` */
const wordsIn = (text: string): readonly string[] => text.match(/[\w$]+/g) ?? [];

/** Whose commands the SDK's own files import. */
const operationsOfTheSdk = ["AssumeRoleWithWebIdentity", "DescribeEndpoints"];

const schemasOfOperations = (): readonly string[] =>
  [
    ...operationsOfTheSdk,
    ...[...ourWords()].flatMap((word) => /^(\w+)Command$/.exec(word)?.[1] ?? []),
  ].map((operation) => `${operation}$`);

/** Of a file of schemas those of our operations, and all that these are made of. */
export const ourSchemas = (source: string): string => {
  const byName = new Map([...source.matchAll(schema)].map(([text, name = ""]) => [name, text]));
  const ahead = [...schemasOfOperations(), ...wordsIn(source.replaceAll(schema, ""))];
  const needed = new Set<string>();
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    const text = byName.get(name);
    if (text === undefined || needed.has(name)) continue;
    needed.add(name);
    ahead.push(...wordsIn(text));
  }
  const kept = source.replaceAll(schema, (text, name: string) => (needed.has(name) ? text : ""));
  const used = new Set(wordsIn(kept.replaceAll(nameOfMember, "")));
  return kept.replaceAll(nameOfMember, (text, name: string) => (used.has(name) ? text : ""));
};
