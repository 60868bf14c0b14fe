/** Programs that the emulator tests start, with variables beside our own. */
import * as programs from "../../local/kube/programs.ts";

export { freePort } from "../../local/kube/programs.ts";

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

const withVariables = ({ variables, ...program }: Program): programs.Program => ({
  ...program,
  environment: { ...process.env, ...variables },
});

export const runToEnd = (program: Program): Promise<programs.Finished> =>
  programs.runToEnd(withVariables(program));

export interface Service {
  readonly url: string;
  /** What it has written so far. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** @throws Error with its output, where it ends or does not answer within a minute */
export const startService = async (
  program: Program,
  at: { readonly port: number; readonly path: string },
): Promise<Service> => {
  const url = `http://127.0.0.1:${String(at.port)}`;
  const answers = async (): Promise<boolean> => {
    try {
      await fetch(`${url}${at.path}`);
      return true;
    } catch {
      return false;
    }
  };
  const { output, stop } = await programs.startProgram(withVariables(program), answers);
  return { url, output, stop };
};
