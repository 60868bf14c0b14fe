/**
 * Bundles every Lambda into dist/lambdas/<name>/handler.cjs: minified, SDK included, one esbuild run. CommonJS, since
 * an ES module that imports `node:http` makes Node load its fetch client at once: a quarter of a cold start.
 * What a function loads on demand, the ONNX runtime and the writer of YAML, lies beside the bundles of those that may need it.
 */
import { cpSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { build, type BuildOptions, type Metafile } from "esbuild";
import { functionNames, functionRows } from "../lambdas/access/functions.ts";
import { lambdaAlone } from "./lambda-alone.ts";
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

const commonOptions = {
  bundle: true,
  minify: true,
  // A crash quotes the line it happened in.
  lineLimit: 200,
  platform: "node",
  target: "node24",
  format: "cjs",
  legalComments: "none",
  logLevel: "warning",
} as const satisfies BuildOptions;

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

export const bundleLambdas = async (outdir = "dist/lambdas"): Promise<Metafile> => {
  rmSync(outdir, { recursive: true, force: true });
  const result = await build({
    ...commonOptions,
    entryPoints: Object.fromEntries(
      functionNames.map((name) => [`${name}/handler`, `${functionRows[name].folder}/handler.ts`]),
    ),
    outdir,
    outExtension: { ".js": ".cjs" },
    mainFields: ["module", "main"],
    plugins: [
      dropZodLocales,
      leaveOutOfZod,
      leaveOutOnDemand,
      lambdaAlone,
      zodTypeAlone,
      shakeSdkSchemas,
      versionsAlone,
      skipAllBodies,
    ],
    external: [...otherCredentialSources, onnxRuntime, yaml],
    metafile: true,
  });
  shipOnnxRuntime(result.metafile);
  await shipYaml(result.metafile);
  return result.metafile;
};

if (import.meta.main) {
  await bundleLambdas();
  process.stdout.write(`Bundled ${String(functionNames.length)} functions into dist/lambdas.\n`);
}
