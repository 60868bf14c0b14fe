/** What a command is told of the process that it runs in. */
import { Readable, Writable } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import { processSurroundings } from "../../../local/cli/surroundings.ts";
import { recordingTerminal } from "../terminal/recording-terminal.ts";

const columnsOf = (told: { readonly isTTY?: boolean; readonly columns?: number }) => {
  const nowhere = () =>
    new Writable({
      write: (_chunk, _encoding, done) => {
        done();
      },
    });
  const host = {
    env: {},
    argv: [],
    stdin: Readable.from([]),
    stdout: Object.assign(nowhere(), told),
    stderr: nowhere(),
    cwd: () => "/",
    uptime: () => 0,
    exit: () => undefined,
    once: () => undefined,
  };
  return processSurroundings(host, { ...recordingTerminal(), version: "" }).columns();
};

describe("the columns of stdout", () => {
  it.each([
    ["a pipe", {}, undefined],
    ["a terminal", { isTTY: true, columns: 132 }, 132],
    ["a terminal that tells none", { isTTY: true }, 80],
    ["a terminal that tells 0", { isTTY: true, columns: 0 }, 80],
  ])("are those of %s", (_what, told, columns) => {
    expect(columnsOf(told)).toBe(columns);
  });
});
