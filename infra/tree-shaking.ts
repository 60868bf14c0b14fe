/**
 * Two rewritings without which esbuild keeps what no function uses: 500 KB of EC2's schemas and 330 KB of zod's
 * translations in each bundle. Neither changes what our code does.
 */
import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

const rewriting = (name: string, filter: RegExp, rewrite: (source: string) => string): Plugin => ({
  name,
  setup: (build) => {
    build.onLoad({ filter }, async ({ path }) => ({
      contents: rewrite(await readFile(path, "utf8")),
      loader: "js",
    }));
  },
});

/** `export var RunInstancesRequest$ = [ … ];` over as many lines as it takes. */
const schemaConstant = /^((?:export )?var [\w$]+ = )(\[[^]*?\]);$/gm;

/**
 * The SDK's schemas are arrays with computed keys (`{ [_xN]: … }`), which might have side effects for all that
 * esbuild knows. Inside a call marked as pure they go when nobody reads them.
 */
export const shakeSdkSchemas = rewriting(
  "shake-sdk-schemas",
  /[/\\]@aws-sdk[/\\]client-[\w-]+[/\\]dist-es[/\\]schemas[/\\]schemas_\d+\.js$/,
  (source) => source.replaceAll(schemaConstant, "$1/* @__PURE__ */ (() => $2)();"),
);

/** `z` is one object to esbuild, `z.locales` with it. English is loaded by zod itself; we use no other. */
export const dropZodLocales = rewriting(
  "drop-zod-locales",
  /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/,
  () => 'export { default as en } from "./en.js";',
);
