/** dynalite ships no types: the part of it that we use. */
declare module "dynalite" {
  import type { Server } from "node:http";

  interface DynaliteOptions {
    /** Folder of the files; in memory without it. */
    readonly path?: string;
    /** How long a table stays in CREATING, in milliseconds. */
    readonly createTableMs?: number;
  }

  export default function dynalite(options?: DynaliteOptions): Server;
}
