/**
 * Bundles every Lambda into dist/lambdas/<name>/handler.cjs: minified, SDK included, one esbuild run. CommonJS, since
 * an ES module that imports `node:http` makes Node load its fetch client at once: a quarter of a cold start.
 * The ONNX runtime lies beside the bundles of those functions that may need it.
 */
import { cpSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { build, type Metafile } from "esbuild";
import { functionNames, functionRows } from "../lambdas/access/functions.ts";
import {
  dropZodLocales,
  leaveOutOnDemand,
  otherCredentialSources,
  shakeSdkSchemas,
} from "./tree-shaking.ts";

/** Loaded at run time by the functions that may meet an ONNX model; its WebAssembly can't stand in a bundle. */
const onnxRuntime = "onnxruntime-web/wasm";

const onnxFiles = [
  "package.json",
  "dist/ort.wasm.bundle.min.mjs",
  "dist/ort-wasm-simd-threaded.mjs",
  "dist/ort-wasm-simd-threaded.wasm",
];

/** Beside each bundle that imports it, and beside no other. */
const shipOnnxRuntime = ({ outputs }: Metafile): void => {
  for (const [bundle, { imports }] of Object.entries(outputs)) {
    if (!imports.some(({ path }) => path === onnxRuntime)) continue;
    for (const file of onnxFiles) {
      const path = `node_modules/onnxruntime-web/${file}`;
      cpSync(path, `${dirname(bundle)}/${path}`);
    }
  }
};

export const bundleLambdas = async (outdir = "dist/lambdas"): Promise<Metafile> => {
  rmSync(outdir, { recursive: true, force: true });
  const result = await build({
    entryPoints: Object.fromEntries(
      functionNames.map((name) => [`${name}/handler`, `${functionRows[name].folder}/handler.ts`]),
    ),
    outdir,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    minify: true,
    // A crash quotes the line it happened in.
    lineLimit: 200,
    platform: "node",
    target: "node24",
    format: "cjs",
    mainFields: ["module", "main"],
    plugins: [dropZodLocales, leaveOutOnDemand, shakeSdkSchemas],
    external: [...otherCredentialSources, onnxRuntime],
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  shipOnnxRuntime(result.metafile);
  return result.metafile;
};

if (import.meta.main) {
  await bundleLambdas();
  process.stdout.write(`Bundled ${String(functionNames.length)} functions into dist/lambdas.\n`);
}
