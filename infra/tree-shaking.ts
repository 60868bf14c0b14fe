/**
 * What esbuild would carry along although no function uses it: of 1.5 MB in each bundle a good 900 KB, which Lambda
 * would read and compile at every cold start; and what can be said so that V8 compiles it faster. None of it changes what our code does.
 */
import { readFile } from "node:fs/promises";
import type { Loader, Plugin } from "esbuild";
import {
  composerThatCopies,
  makersOfErrors,
  protocolThatCopiesLater,
  registerErrorsLater,
  registryThatRegistersLater,
} from "./sdk-errors-alone.ts";
import { schemasAsText } from "./sdk-schemas-as-text.ts";
import { skipBodies } from "./skipped-bodies.ts";

const rewriting = (
  name: string,
  filter: RegExp,
  { loader, rewrite }: { loader: Loader; rewrite: (source: string, path: string) => string },
): Plugin => ({
  name,
  setup: (build) => {
    build.onLoad({ filter }, async ({ path }) => {
      return { contents: rewrite(await readFile(path, "utf8"), path), loader };
    });
  },
});

/**
 * Services with a JSON protocol. An error that has no class of its own there comes as the service's base class, with the name, message
 * and status of the answer; that is all that adapters/aws/failure.ts reads, and a test holds both against each other. In the query protocol
 * (STS, ELB) the class decides the name: those keep theirs.
 */
const answersInJson = /[/\\]client-(cloudwatch|dynamodb|kms|pricing|resource-groups|sfn|ssm)[/\\]/;

const dropErrors = (source: string): string =>
  source.replaceAll(/^n0_registry\.registerError\([\w$]+, \w+\);$/gm, "");

const ofSdkClients = (file: string): RegExp =>
  new RegExp(String.raw`[/\\]@aws-sdk[/\\]client-[\w-]+[/\\]dist-es[/\\]${file}\.js$`);

/**
 * The SDK's schemas are arrays with computed keys (`{ [_xN]: … }`), which might have side effects for all that
 * esbuild knows. Inside a call marked as pure they go when nobody reads them: 500 KB of EC2. So do the classes of errors, 141 of
 * SSM, once they are not registered.
 * @param pick what is left of a file before that. Default: all
 */
export const shakeSdkSchemas = (pick = (source: string): string => source): Plugin => {
  const { rewrite: spell, fill } = schemasAsText();
  const parts = [
    rewriting("schemas", ofSdkClients(String.raw`schemas[/\\]schemas_\d+`), {
      loader: "js",
      rewrite: (source, path) => {
        const made = spell(pick(source), path);
        return answersInJson.test(path) ? dropErrors(made) : registerErrorsLater(made);
      },
    }),
    rewriting("errors", ofSdkClients(String.raw`models[/\\]errors`), {
      loader: "js",
      rewrite: makersOfErrors,
    }),
    rewriting("registry", /[/\\]@smithy[/\\]core[/\\]dist-es[/\\].*[/\\]TypeRegistry\.js$/, {
      loader: "js",
      rewrite: registryThatRegistersLater,
    }),
    rewriting("protocol", /[/\\]@smithy[/\\]core[/\\]dist-es[/\\].*[/\\]HttpProtocol\.js$/, {
      loader: "js",
      rewrite: protocolThatCopiesLater,
    }),
    rewriting("composer", /[/\\]@aws-sdk[/\\]core[/\\]dist-es[/\\].*[/\\]ProtocolLib\.js$/, {
      loader: "js",
      rewrite: composerThatCopies,
    }),
  ];
  return {
    name: "shake-sdk-schemas",
    setup: async (build) => {
      build.initialOptions.metafile = true;
      for (const part of parts) await part.setup(build);
      build.onEnd(({ metafile }) => {
        if (metafile !== undefined) fill(metafile.outputs);
      });
    },
  };
};

/** Each client carries its package.json along, 2.4 KB, and tells AWS its version from it. */
export const versionsAlone = rewriting(
  "versions-alone",
  /[/\\]@aws-sdk[/\\]client-[\w-]+[/\\]package\.json$/,
  {
    loader: "json",
    rewrite: (source) => {
      const { version } = JSON.parse(source) as { readonly version?: unknown };
      if (typeof version !== "string") throw new Error("A client of the SDK has no version.");
      return JSON.stringify({ version });
    },
  },
);

/**
 * The translations of zod's messages into 50 languages, 330 KB, wherever a package imports `z` as an object.
 * English is loaded by zod itself; we use no other.
 */
export const dropZodLocales = rewriting(
  "drop-zod-locales",
  /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/,
  { loader: "js", rewrite: () => 'export { default as en } from "./en.js";' },
);

const exportedNames = /^export (?:const|function|class) (\w+)|^export \{ \w+ as (\w+) \};/gm;

/** All that the source exports from `begin` on, as a function that says by its name that it isn't there. */
const leavingOut = (source: string, begin = 0): string => {
  const names = [...source.slice(begin).matchAll(exportedNames)].map(([, own, as]) => own ?? as);
  if (begin < 0 || names.length === 0) throw new Error("zod exports something else by now.");
  const stubs = names.map(
    (name) =>
      `export const ${String(name)} = () => { throw new Error("${String(name)}: left out"); };`,
  );
  return `${source.slice(0, begin)}\n${stubs.join("\n")}\n`;
};

/** `z.string().email()` and its like, of 26 formats: deprecated in favour of `z.email()`, and refused by our lint. */
const formatOfString =
  /^ {4}\w+\(params\) \{\n {8}return this\.check\(core\._\w+\(Zod\w+, params\)\);\n {4}\},\n/gm;

const withoutFormatsOfString = (source: string): string => {
  const text = source.replaceAll(formatOfString, "");
  if (text === source) throw new Error("zod makes the formats of its strings otherwise by now.");
  return text;
};

const utilOfAll = 'import { util } from "../core/index.js";';

/** By the index, zod's helpers are one object with all hundred of them, made at each cold start; by their own file, those that are used. */
const withHelpersAlone = (source: string): string => {
  if (!source.includes(utilOfAll)) throw new Error("zod imports its helpers otherwise by now.");
  return source
    .replace(utilOfAll, 'import * as util from "../core/util.js";')
    .replaceAll("core.util.", "util.");
};

const settings = "(_a.__zod_globalConfig = {})";

/** Schemas of modules that come before `lambdas/runtime/environment.ts`, which says so for all, would try whether they may. */
const withoutGeneratedCode = (source: string): string => {
  if (!source.includes(settings)) throw new Error("zod keeps its settings otherwise by now.");
  return source.replace(settings, "(_a.__zod_globalConfig = { jitless: true })");
};

/**
 * What zod can do besides parsing: JSON Schema from and to schemas, and parsers as generated code. 30 KB in each bundle, 70 in the
 * API's, whose document is made by another package.
 */
export const leaveOutOfZod: Plugin = {
  name: "leave-out-of-zod",
  setup: (build) => {
    const whole =
      /[/\\]zod[/\\]v4[/\\](core[/\\](compile|to-json-schema|json-schema-generator)|classic[/\\]from-json-schema)\.js$/;
    build.onLoad({ filter: whole }, async ({ path }) => ({
      contents: skipBodies(leavingOut(await readFile(path, "utf8"))),
      loader: "js",
    }));
    build.onLoad({ filter: /[/\\]zod[/\\]v4[/\\]core[/\\]core\.js$/ }, async ({ path }) => ({
      contents: skipBodies(withoutGeneratedCode(await readFile(path, "utf8"))),
      loader: "js",
    }));
    build.onLoad({ filter: /[/\\]zod[/\\]v4[/\\]classic[/\\]schemas\.js$/ }, async ({ path }) => ({
      contents: skipBodies(withHelpersAlone(withoutFormatsOfString(await readFile(path, "utf8")))),
      loader: "js",
    }));
    // It has the bounds of a schema too, which our document shows.
    const processors = /[/\\]zod[/\\]v4[/\\]core[/\\]json-schema-processors\.js$/;
    build.onLoad({ filter: processors }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const begin = source.indexOf("export const stringProcessor");
      return { contents: skipBodies(leavingOut(source, begin)), loader: "js" };
    });
  },
};

/** What the API's framework says of zod, and what is said instead. */
const typeOfZodAlone = [
  ['import { z } from "zod";', 'import { ZodType } from "zod";'],
  ["extendZodWithOpenApi(z);", "extendZodWithOpenApi({ ZodType });"],
  [", extendZodWithOpenApi, z };", ", extendZodWithOpenApi };"],
] as const;

/**
 * The API's framework takes `z` as one object to add a method to one class in it, and the API would carry and set up all of zod: 50 KB more.
 * We import from zod itself what we use.
 */
export const zodTypeAlone = rewriting(
  "zod-type-alone",
  /[/\\]@hono[/\\]zod-openapi[/\\]dist[/\\]index\.mjs$/,
  {
    loader: "js",
    rewrite: (source) =>
      skipBodies(
        typeOfZodAlone.reduce((text, [from, to]) => {
          if (!text.includes(from)) throw new Error(`Hono no longer says ${from}`);
          return text.replace(from, to);
        }, source),
      ),
  },
);

/**
 * Lambda gives its credentials in the environment, where the SDK looks first. The other sources, 110 KB with their
 * clients, are loaded on demand by the SDK: not there, they would be missed by name.
 */
export const otherCredentialSources = [
  "@aws-sdk/credential-provider-http",
  "@aws-sdk/credential-provider-ini",
  "@aws-sdk/credential-provider-process",
  "@aws-sdk/credential-provider-sso",
  "@aws-sdk/credential-provider-web-identity",
  "@smithy/credential-provider-imds",
];

/**
 * What the SDK loads on demand and none of our calls needs: event streams, and the parser of a browser's name. Inside the bundle
 * such a load would keep all of `@smithy/core` whole. Outside of it, it would be missed by name.
 */
export const leaveOutOnDemand: Plugin = {
  name: "leave-out-on-demand",
  setup: (build) => {
    build.onResolve({ filter: /^(@smithy\/core\/event-streams|bowser)$/ }, ({ path, kind }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    );
  },
};

/** All other modules: of a file, esbuild asks the first plugin alone that knows it. */
export const skipAllBodies: Plugin = {
  name: "skip-all-bodies",
  setup: (build) => {
    build.onLoad({ filter: /\.(ts|m?js)$/ }, async ({ path }) => ({
      contents: skipBodies(await readFile(path, "utf8")),
      loader: path.endsWith("ts") ? "ts" : "js",
    }));
  },
};
