/** Bundles the console page: its scripts, its style and the document that loads them, with how large each is. */
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { plotStyleHash } from "./plot-style.ts";
import { workflowNodes } from "./workflow-nodes.ts";

const folder = fileURLToPath(new URL("../../console", import.meta.url));

/** Below this path lies what the page loads; all others are screens of the page. */
export const assetsPath = "/console/";

export interface Asset {
  readonly contentType: string;
  readonly body: Buffer;
}

export interface ConsolePage {
  /** By path: `/console/main-ABCD1234.js`. Names change with the content. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** What the first screen needs, in the order of loading. */
  readonly first: readonly string[];
  /** What the first chart needs besides. */
  readonly charts: readonly string[];
  /** `sha256-…` of inline styles that a library writes: the policy admits no others. */
  readonly styleHashes: readonly string[];
}

const contentTypes: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

const contentTypeOf = (path: string): string =>
  contentTypes[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";

/** The entry and all that it imports at once; what is imported later is not of it. */
const firstScripts = ({ outputs }: Metafile, entry: string): readonly string[] => {
  const found = new Set<string>();
  const follow = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? []) {
      if (kind === "import-statement") follow(next);
    }
  };
  follow(entry);
  return [...found];
};

const outputOf = ({ outputs }: Metafile, entryPoint: string): string => {
  const found = Object.entries(outputs).find(([, output]) => output.entryPoint === entryPoint);
  if (found === undefined) throw new Error(`esbuild has made nothing of ${entryPoint}.`);
  return found[0];
};

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none"><rect x="2.5" y="5" width="11" height="6" rx="2" fill="#8a94a6"/><rect x="10.5" y="13" width="11" height="6" rx="2" fill="#2f5bd7"/><path d="M13.5 8h2.2a2.3 2.3 0 0 1 2.3 2.3V13" stroke="#8a94a6" stroke-width="1.7" stroke-linecap="round"/></svg>`;

/** @throws esbuild's BuildFailure */
export const buildConsole = async (): Promise<ConsolePage> => {
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: ["main.tsx", "charts/plot.ts", "styles/index.css"],
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    outdir: folder,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    tsconfig: join(folder, "tsconfig.json"),
    define: { workflowNodes: JSON.stringify(workflowNodes()) },
    metafile: true,
    write: false,
    legalComments: "none",
  });
  const pathOf = (output: string): string => assetsPath + output;
  const assets = new Map<string, Asset>(
    outputFiles.map(({ path, contents }) => {
      const name = path.slice(folder.length + 1);
      return [pathOf(name), { contentType: contentTypeOf(name), body: Buffer.from(contents) }];
    }),
  );
  assets.set(`${assetsPath}icon.svg`, { contentType: "image/svg+xml", body: Buffer.from(icon) });
  const style = outputOf(metafile, "styles/index.css");
  const scripts = firstScripts(metafile, outputOf(metafile, "main.tsx"));
  const charts = firstScripts(metafile, outputOf(metafile, "charts/plot.ts"));
  return {
    assets,
    first: [style, ...scripts].map(pathOf),
    charts: charts.filter((path) => !scripts.includes(path)).map(pathOf),
    styleHashes: [plotStyleHash()],
  };
};

/** Bytes as they are sent, gzipped. */
export interface PageSizes {
  readonly first: number;
  readonly charts: number;
  readonly all: number;
}

export const sizesOf = ({ assets, first, charts }: ConsolePage): PageSizes => {
  const sent = (paths: Iterable<string>): number =>
    [...paths].reduce(
      (sum, path) => sum + gzipSync(assets.get(path)?.body ?? "", { level: 9 }).length,
      0,
    );
  return { first: sent(first), charts: sent(charts), all: sent(assets.keys()) };
};

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

const tagOf = (path: string, isEntry: boolean): string => {
  if (path.endsWith(".css")) return `<link rel="stylesheet" href="${path}" />`;
  return isEntry
    ? `<script type="module" src="${path}"></script>`
    : `<link rel="modulepreload" href="${path}" />`;
};

/** The document, as whoever serves it wants it. */
export const documentOf = (
  { first }: ConsolePage,
  settings: Readonly<Record<string, string>>,
): string => {
  const [, entry] = first;
  const metas = Object.entries(settings).map(
    ([name, content]) => `<meta name="spot-${name}" content="${escaped(content)}" />`,
  );
  return readFileSync(join(folder, "index.html"), "utf8")
    .replace("<!-- settings -->", metas.join("\n    "))
    .replace("<!-- assets -->", first.map((path) => tagOf(path, path === entry)).join("\n    "));
};

/** Of a strong ETag. */
export const digestOf = (body: Buffer): string => hash("sha256", body, "base64url").slice(0, 22);
