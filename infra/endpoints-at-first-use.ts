/**
 * Where a service is asked is decided by rules that each client of the SDK brings along, as literals of a few thousand characters. A cold start
 * made all of them; an invocation asks three or four of a dozen services. Here a client's are made when it is first asked for an endpoint.
 */
import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";
import { skipBodies } from "./skipped-bodies.ts";

const ofSdkClients = (file: string): RegExp =>
  new RegExp(
    `[/\\\\]@aws-sdk[/\\\\]client-[\\w-]+[/\\\\]dist-es[/\\\\]endpoint[/\\\\]${file}\\.js$`,
  );

/** One import, constants, and what is made of them. */
const rules =
  /^(import \{ BinaryDecisionDiagram \} [^\n]*\n)((?:(?!import|export)[^\n]*\n)*)export const bdd = ([^\n]*);\n$/;

const makeLater = (source: string, path: string): string => {
  const [, imports, constants, made] = rules.exec(source) ?? [];
  if (imports === undefined) throw new Error(`The SDK spells rules otherwise by now: ${path}.`);
  return `${imports}let made;
export function bdd() { return made ??= make(); }
function make() {
${String(constants)}return ${String(made)};
}
`;
};

const use = "decideEndpoint(bdd, ";

const makeAtUse = (source: string, path: string): string => {
  if (!source.includes(use)) throw new Error(`The SDK decides otherwise by now: ${path}.`);
  return skipBodies(source.replace(use, "decideEndpoint(bdd(), "));
};

export const endpointsAtFirstUse: Plugin = {
  name: "endpoints-at-first-use",
  setup: (build) => {
    for (const [file, rewrite] of [
      ["bdd", makeLater],
      ["endpointResolver", makeAtUse],
    ] as const) {
      build.onLoad({ filter: ofSdkClients(file) }, async ({ path }) => ({
        contents: rewrite(await readFile(path, "utf8"), path),
        loader: "js",
      }));
    }
  },
};
