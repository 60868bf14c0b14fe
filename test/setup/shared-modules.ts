/**
 * Which modules a test file shares with the other files of its worker: the product and the packages are loaded once and stay warm;
 * the test file itself, and what it imports of `test/`, is loaded for it alone.
 */
import { registerHooks } from "node:module";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";

const parameter = "test-file";

/** The test file for which the module of that URL was loaded; undefined for a shared one. */
export const ownerOf = (url: string | undefined): string | undefined =>
  url?.includes(`?${parameter}=`) === true
    ? (new URL(url).searchParams.get(parameter) ?? undefined)
    : undefined;

/** The same module, loaded for that test file alone. */
export const ownModule = (url: string, owner: string): string => {
  const own = new URL(url);
  own.searchParams.set(parameter, owner);
  return own.href;
};

const folderUrl = (...path: readonly string[]): string => pathToFileURL(join(...path) + sep).href;

const setupFolder = folderUrl(import.meta.dirname);
const jestGlobals = `${setupFolder}jest-globals.ts`;

/** Once in a process. From then on its imports follow the rule above. */
export const shareModules = (rootDir: string): void => {
  const testFolder = folderUrl(rootDir, "test");
  const isOwned = (url: string): boolean =>
    url.startsWith(testFolder) && !url.startsWith(setupFolder);
  registerHooks({
    resolve: (specifier, context, next) => {
      const owner = ownerOf(context.parentURL);
      if (owner === undefined) return next(specifier, context);
      if (specifier === "@jest/globals") {
        const url = ownModule(jestGlobals, owner);
        return { url, format: "module-typescript", shortCircuit: true };
      }
      const resolved = next(specifier, context);
      return isOwned(resolved.url)
        ? { ...resolved, url: ownModule(resolved.url, owner) }
        : resolved;
    },
  });
};

const loaded = new Set<string>();

/** @throws Error if this process has loaded the file before: Node would not load it again */
export const importTest = async (path: string): Promise<void> => {
  if (loaded.has(path)) {
    throw new Error(
      `${path} was loaded in this process before, as happens with --watch and --runInBand together. Leave out one of them.`,
    );
  }
  loaded.add(path);
  await import(ownModule(pathToFileURL(path).href, path));
};
