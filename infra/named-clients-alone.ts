/**
 * Of the makers of SDK clients a bundle has those that its handler names. esbuild drops the others in the end, but first it links the
 * clients of all services into each bundle: a quarter of the time that bundling takes. What is missed here is an error of esbuild's.
 */
import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** `import { ec2Client } from "../../runtime/clients.ts";` or `import * as clients from …` */
const importOfMakers =
  /^import (?<list>\{[^}]*\}|\* as (?<object>\w+)) from "(?<path>[./\w]+\/clients\.ts)";$/m;

/** All that import it: handlers, `make-handler.ts` and `gate-makers.ts`. */
const whoNames = /[/\\]lambdas[/\\].*(?:handler|gate-makers)\.ts$/;

const wordsIn = (text: string): readonly string[] => text.match(/\w+/g) ?? [];

const membersOf = (object: string, source: string): readonly string[] =>
  [...source.matchAll(new RegExp(`\\b${object}\\.(\\w+)`, "g"))].map(([, name = ""]) => name);

/** What is named stands behind the path from now on, so that each choice is a file to esbuild. */
const withNames = (source: string): string => {
  const { list = "", object, path } = importOfMakers.exec(source)?.groups ?? {};
  if (path === undefined) return source;
  const names = object === undefined ? wordsIn(list) : membersOf(object, source);
  return source.replace(path, `${path}?${[...new Set(names)].toSorted().join("&")}`);
};

/** `export const ec2Client = …`, with the comment above it. */
const declared = /^(?:export )?(?:const|interface) (\w+)/m;

const nameOf = (statement: string): string => declared.exec(statement)?.[1] ?? "";

/** `import { EC2Client } from "@aws-sdk/client-ec2";`: of what is imported as a type, esbuild would load the file all the same. */
const imported = /^import \{(.*)\}/;

/** Of a list of imports those that are there at run time. */
const valuesIn = (list: string): readonly string[] =>
  list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => !name.startsWith("type "));

/** The statements that declare these names, those by which they are made, and what all of them import. */
const statementsOf = (source: string, names: readonly string[]): string => {
  // A blank line ends a statement, and the first of them are the imports.
  const [imports = "", ...statements] = source.split(/\n{2,}/);
  const byName = new Map(statements.map((statement) => [nameOf(statement), statement]));
  const used = new Set<string>();
  const use = (word: string): void => {
    if (used.has(word)) return;
    used.add(word);
    for (const other of wordsIn(byName.get(word) ?? "")) use(other);
  };
  for (const name of names) use(name);
  return [
    ...imports.split("\n").filter((line) => {
      const [, list = ""] = imported.exec(line) ?? [];
      return valuesIn(list).some((name) => used.has(name));
    }),
    ...statements.filter((statement) => used.has(nameOf(statement))),
  ].join("\n");
};

export const namedClientsAlone: Plugin = {
  name: "named-clients-alone",
  setup: (build) => {
    build.onLoad({ filter: whoNames }, async ({ path }) => ({
      contents: withNames(await readFile(path, "utf8")),
      loader: "ts",
    }));
    build.onLoad(
      { filter: /[/\\]lambdas[/\\]runtime[/\\]clients\.ts$/ },
      async ({ path, suffix }) => {
        const source = await readFile(path, "utf8");
        // Who is not among those may name any.
        const contents = suffix === "" ? source : statementsOf(source, wordsIn(suffix));
        return { contents, loader: "ts" };
      },
    );
  },
};
