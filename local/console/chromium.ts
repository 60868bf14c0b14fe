/** Finds a Chromium on this machine, for the tests of the console page. */
import { existsSync } from "node:fs";

/** Where distributions and installers put it. */
const usualPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Path; undefined: there is none. CHROMIUM names another one. */
export const findChromium = (
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined => {
  const { CHROMIUM: named } = environment;
  return [...(named === undefined ? usualPaths : [named])].find((path) => existsSync(path));
};
