/**
 * Leaves out of undici what its index loads and no function uses: mocks and their snapshots, for tests, and a store of answers in a database. A
 * function that asks a cluster would read 40 KB more at a cold start. Nothing else of undici loads them.
 */
import type { Plugin } from "esbuild";

const unused = /[/\\]undici[/\\]lib[/\\](?:mock[/\\][\w-]+|cache[/\\]sqlite-cache-store)\.js$/;

export const undiciNeededAlone: Plugin = {
  name: "undici-needed-alone",
  setup: (build) => {
    build.onLoad({ filter: unused }, () => ({ contents: "module.exports = {};", loader: "js" }));
  },
};
