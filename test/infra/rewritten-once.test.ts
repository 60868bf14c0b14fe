import { describe, expect, it } from "@jest/globals";
import { build as bundle, type Plugin } from "esbuild";
import { rewrittenOnce } from "../../infra/rewritten-once.ts";

describe("plugins of several builds", () => {
  it("make of each file once what all of these builds get", async () => {
    const asked: string[] = [];
    const sayingPath: Plugin = {
      name: "saying-path",
      setup: (build) => {
        build.onResolve({ filter: /^\// }, ({ path }) => ({
          path,
          namespace: "said",
          suffix: "?now",
        }));
        build.onLoad({ filter: /^/, namespace: "said" }, ({ path, suffix }) => {
          asked.push(path + suffix);
          return { contents: `export default "${path} ${String(asked.length)}";` };
        });
      },
    };
    const plugins = [rewrittenOnce(sayingPath)];
    const textOf = async (path: string): Promise<string | undefined> => {
      const { outputFiles } = await bundle({
        ...{ entryPoints: [path], plugins, bundle: true, write: false },
        ...{ format: "esm", outdir: "dist" },
      });
      return outputFiles[0]?.text;
    };
    const [first, again, another] = [await textOf("/a"), await textOf("/a"), await textOf("/b")];
    expect(first).toContain("/a 1");
    expect(again).toBe(first);
    expect(another).toContain("/b 2");
    expect(asked).toEqual(["/a?now", "/b?now"]);
  });
});
