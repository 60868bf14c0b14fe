/**
 * Bundles every Lambda into dist/lambdas/<name>/handler.cjs: minified, SDK included, one esbuild run. CommonJS, since
 * an ES module that imports `node:http` makes Node load its fetch client at once: a quarter of a cold start.
 * What a function loads on demand, the ONNX runtime, the writer of YAML and the nouns of the API, lies beside the bundles of those that may need it.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { build, transform, type BuildOptions, type Metafile, type Plugin } from "esbuild";
import { functionNames, functionRows, type FunctionName } from "../lambdas/access/functions.ts";
import { endpointsAtFirstUse } from "./endpoints-at-first-use.ts";
import { kubernetesClientAlone } from "./kubernetes-client-alone.ts";
import { lambdaAlone } from "./lambda-alone.ts";
import { rewrittenOnce } from "./rewritten-once.ts";
import { ourSchemas, sdkClientsAlone } from "./sdk-clients-alone.ts";
import {
  dropZodLocales,
  leaveOutOfZod,
  leaveOutOnDemand,
  zodTypeAlone,
  otherCredentialSources,
  shakeSdkSchemas,
  skipAllBodies,
  versionsAlone,
} from "./tree-shaking.ts";
import { namedClientsAlone } from "./named-clients-alone.ts";

/** Loaded at run time by the functions that may meet an ONNX model; its WebAssembly can't stand in a bundle. */
const onnxRuntime = "onnxruntime-web/wasm";

const onnxFiles = [
  "package.json",
  "dist/ort.wasm.bundle.min.mjs",
  "dist/ort-wasm-simd-threaded.mjs",
  "dist/ort-wasm-simd-threaded.wasm",
];

/** Loaded by the one route that answers in YAML: 130 KB, which no other request is to wait for. */
const yaml = "yaml";

const spelling = {
  minify: true,
  // A crash quotes the line it happened in.
  lineLimit: 200,
  platform: "node",
  target: "node24",
  legalComments: "none",
  logLevel: "warning",
} as const;

const commonOptions = { ...spelling, bundle: true, format: "cjs" } as const satisfies BuildOptions;

/** Folders of the bundles that load the package on demand. */
const loadersOf = ({ outputs }: Metafile, name: string): readonly string[] =>
  Object.entries(outputs)
    .filter(([, { imports }]) => imports.some(({ path }) => path === name))
    .map(([bundle]) => dirname(bundle));

const shipOnnxRuntime = (metafile: Metafile): void => {
  for (const folder of loadersOf(metafile, onnxRuntime)) {
    for (const file of onnxFiles) {
      const path = `node_modules/onnxruntime-web/${file}`;
      cpSync(path, `${folder}/${path}`);
    }
  }
};

const shipYaml = async (metafile: Metafile): Promise<void> => {
  for (const folder of loadersOf(metafile, yaml)) {
    const outfile = `${folder}/node_modules/${yaml}/index.js`;
    await build({ ...commonOptions, entryPoints: [yaml], outfile });
  }
};

const handlers = (names: readonly FunctionName[]): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => [`${name}/handler`, `${functionRows[name].folder}/handler.ts`]),
  );

const plugins: readonly Plugin[] = [
  namedClientsAlone,
  dropZodLocales,
  leaveOutOfZod,
  leaveOutOnDemand,
  lambdaAlone,
  zodTypeAlone,
  sdkClientsAlone,
  shakeSdkSchemas(ourSchemas),
  endpointsAtFirstUse,
  versionsAlone,
  kubernetesClientAlone,
  skipAllBodies,
];

const lambdaOptions = {
  ...commonOptions,
  outExtension: { ".js": ".cjs" },
  mainFields: ["module", "main"],
  external: [...otherCredentialSources, onnxRuntime, yaml],
  metafile: true,
  logOverride: { "import-is-undefined": "error" },
} as const satisfies BuildOptions;

/** `import("./accounts-….cjs")`: one of CommonJS is there at once, without Node's loader of modules. */
const importOfOwn = /\bimport\(("\.\/[^"]+")\)/g;

/**
 * In parts, since the API loads its nouns on demand: what one request needs is read, and nothing else. esbuild parts ES modules
 * alone, so that each part is made CommonJS afterwards.
 */
const bundleInParts = async (
  name: FunctionName,
  { outdir, plugins }: { readonly outdir: string; readonly plugins: Plugin[] },
): Promise<Metafile> => {
  const { metafile } = await build({
    ...lambdaOptions,
    plugins,
    format: "esm",
    splitting: true,
    entryPoints: handlers([name]),
    chunkNames: `${name}/[name]-[hash]`,
    outdir,
  });
  for (const path of Object.keys(metafile.outputs)) {
    const module = readFileSync(path, "utf8").replaceAll(
      importOfOwn,
      "Promise.resolve(require($1))",
    );
    const { code } = await transform(module, { ...spelling, format: "cjs" });
    writeFileSync(path, code);
  }
  return metafile;
};

/** What esbuild says of the bundles: of those in parts, as they were before they were made CommonJS. */
export const bundleLambdas = async (outdir = "dist/lambdas"): Promise<Metafile> => {
  rmSync(outdir, { recursive: true, force: true });
  const inParts: FunctionName = "api";
  // The API is made of the same packages as the others.
  const shared = plugins.map(rewrittenOnce);
  const [whole, parts] = await Promise.all([
    build({
      ...lambdaOptions,
      plugins: shared,
      entryPoints: handlers(functionNames.filter((name) => name !== inParts)),
      outdir,
    }),
    bundleInParts(inParts, { outdir, plugins: shared }),
  ]);
  const metafile = {
    inputs: { ...whole.metafile.inputs, ...parts.inputs },
    outputs: { ...whole.metafile.outputs, ...parts.outputs },
  };
  shipOnnxRuntime(metafile);
  await shipYaml(metafile);
  return metafile;
};
