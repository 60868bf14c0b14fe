/** Hands each command what it works with: the API, a way to write, and a person who may be asked. */
import type { Command } from "commander";
import { addressOf } from "./api/address.ts";
import { createApi, type Api } from "./api/client.ts";
import type { Transport } from "./api/transport.ts";
import type { Exit } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import type { Globals } from "./globals.ts";
import { createPrint, type Print } from "./output/print.ts";
import type { Surroundings } from "./surroundings.ts";

export interface Context {
  readonly api: Api;
  /** Of the API. */
  readonly url: string;
  /** For requests that are handed on as they are. */
  readonly transport: Transport;
  readonly print: Print;
  readonly globals: Globals;
  readonly surroundings: Surroundings;
  /**
   * Goes on when a person says yes, or --yes does. With --dry-run nothing is asked: nothing will be changed.
   * @param question ends in a question mark
   * @throws Failure where he says no, or nobody can be asked
   */
  readonly confirm: (question: string) => Promise<void>;
  /** Of --reason, else asked for. @throws Failure where there is none */
  readonly reason: () => Promise<string>;
}

/** What was typed behind the command. */
interface Call<Options> {
  readonly args: readonly string[];
  readonly options: Options;
}

export type Handler<Options> = (context: Context, call: Call<Options>) => Promise<Exit>;

/** Makes a handler what commander calls. */
export type Run = <Options>(handler: Handler<Options>) => (...given: unknown[]) => Promise<void>;

/** Adds the commands of one noun. */
export type AddCommands = (program: Command, run: Run) => void;

const confirmBy =
  ({ yes, dryRun }: Globals, { ask }: Surroundings) =>
  async (question: string): Promise<void> => {
    if (yes === true || dryRun === true) return;
    if (ask === undefined) {
      throw new Failure("USAGE", `Nobody can be asked "${question}"`, {
        next: "the same command with --yes",
      });
    }
    const answer = await ask(`${question} [y/N]`);
    if (/^y(?:es)?$/i.test(answer)) return;
    throw new Failure("USAGE", "Nothing was changed", { next: "answer y, or give --yes" });
  };

const reasonBy =
  ({ reason, dryRun }: Globals, { ask }: Surroundings) =>
  async (): Promise<string> => {
    if (reason === undefined && dryRun === true) return "dry run";
    const given = reason ?? (await ask?.("Reason, for the audit trail:")) ?? "";
    if (given !== "") return given;
    throw new Failure("USAGE", "A reason is needed", {
      next: 'the same command with --reason "why"',
    });
  };

export const createContext = (globals: Globals, surroundings: Surroundings): Context => {
  const address = addressOf(globals, surroundings.env);
  const transport = { address, globals, surroundings };
  return {
    api: createApi(transport),
    transport,
    url: address.url,
    print: createPrint(globals, surroundings),
    globals,
    surroundings,
    confirm: confirmBy(globals, surroundings),
    reason: reasonBy(globals, surroundings),
  };
};
