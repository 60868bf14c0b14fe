/** Where `npm run test:emulators` has put what the emulator tests run. */
import { join } from "node:path";

const folder = ".local/emulators";

/** A program of the Python environment. */
export const python = (program: string): string => join(folder, "python", "bin", program);

export const nodePackage = (path: string): string => join(folder, "npm", "node_modules", path);
