/** What the SDK brings for other places than Lambda. Inside a bundle it is loaded or set up at each cold start, and never used. */
import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

interface Rewrite {
  readonly file: RegExp;
  /** Each must stand in the file, which an update of the SDK may have changed. */
  readonly changes: readonly (readonly [from: string, to: string])[];
}

const smithy = (file: string): RegExp =>
  new RegExp(`[/\\\\]@smithy[/\\\\]core[/\\\\]dist-es[/\\\\]submodules[/\\\\]${file}\\.js$`);

const rewrites: readonly Rewrite[] = [
  // `~/.aws/config` and `~/.aws/credentials`, which are asked for each setting that a client is not given: there are none.
  {
    file: smithy("config[/\\\\]shared-ini-file-loader[/\\\\]readFile"),
    changes: [
      [
        'import { readFile as fsReadFile } from "node:fs/promises";',
        'const fsReadFile = async (path) => { throw new Error(path + " is not read on Lambda."); };',
      ],
    ],
  },
  // The global `crypto` is Node's Web Crypto, which is loaded when it is first looked at.
  {
    file: smithy("serde[/\\\\]uuid[/\\\\]v4"),
    changes: [["const decimalToHex", 'import * as crypto from "node:crypto";\nconst decimalToHex']],
  },
  // Node has SHA-256.
  {
    file: smithy("checksum[/\\\\]sha256[/\\\\]Sha256Node"),
    changes: [
      ['import { Sha256Js } from "./Sha256Js";', ""],
      ["const hasNativeCrypto = (", "const hasNativeCrypto = /* @__PURE__ */ ("],
      ["hasNativeCrypto ? buildNativeClass() : Sha256Js", "buildNativeClass()"],
    ],
  },
  // Endpoints that DynamoDB is asked for, which is off where nobody switches it on: they are kept in a cache with two packages of its own.
  {
    file: /[/\\]@aws-sdk[/\\]endpoint-cache[/\\]dist-es[/\\]EndpointCache\.js$/,
    changes: [
      [
        'import LRUCache from "mnemonist/lru-cache";',
        "class LRUCache extends Map { constructor() { super(); } peek(key) { return this.get(key); } }",
      ],
    ],
  },
];

const rewritten = async (path: string, { changes }: Rewrite): Promise<string> => {
  const source = await readFile(path, "utf8");
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${path} no longer says ${from}`);
    return text.replace(from, to);
  }, source);
};

export const lambdaAlone: Plugin = {
  name: "lambda-alone",
  setup: (build) => {
    for (const rewrite of rewrites) {
      build.onLoad({ filter: rewrite.file }, async ({ path }) => ({
        contents: await rewritten(path, rewrite),
        loader: "js",
      }));
    }
  },
};
