/** A terminal for tests: it keeps what a command says. */
import { plainPaint } from "../../../local/terminal/paint.ts";
import type { Terminal } from "../../../local/terminal/terminal.ts";

export interface RecordingTerminal {
  readonly terminal: Terminal;
  readonly said: { stdout: string; stderr: string; readonly progress: string[] };
}

export const recordingTerminal = (
  change: Partial<Pick<Terminal, "folder" | "paint">> = {},
): RecordingTerminal => {
  const said = { stdout: "", stderr: "", progress: [] as string[] };
  return {
    said,
    terminal: {
      folder: "/nowhere",
      paint: plainPaint,
      ...change,
      stdout: (text) => {
        said.stdout += text;
      },
      stderr: (text) => {
        said.stderr += text;
      },
      progress: (text) => {
        said.progress.push(text);
      },
    },
  };
};
