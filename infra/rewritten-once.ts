/** For several builds of the same sources: what a plugin makes of a file is made when the first of them asks, and kept for the others. */
import type { OnLoadArgs, OnLoadResult, Plugin, PluginBuild } from "esbuild";

type Made = OnLoadResult | null | undefined;

/** The same plugin; what it has made is forgotten with it. It must not make of a file one thing for this build, another for that. */
export const rewrittenOnce = ({ name, setup }: Plugin): Plugin => {
  const made = new Map<string, Made | Promise<Made>>();
  const onLoadOf = (build: PluginBuild): PluginBuild["onLoad"] => {
    return (options, load) => {
      const loadOnce = (file: OnLoadArgs): Made | Promise<Made> => {
        const key = `${String(options.filter)} ${file.path}${file.suffix}`;
        if (!made.has(key)) made.set(key, load(file));
        return made.get(key);
      };
      build.onLoad(options, loadOnce);
    };
  };
  return { name, setup: (build) => setup({ ...build, onLoad: onLoadOf(build) }) };
};
