import { resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { colourPaint, plainPaint } from "../../../local/terminal/paint.ts";
import {
  fail,
  messageOf,
  refuse,
  runMain,
  terminalOf,
  type Host,
} from "../../../local/terminal/terminal.ts";
import { recordingTerminal } from "./recording-terminal.ts";

type OnError = (error: NodeJS.ErrnoException) => void;

const fakeStream = (isTTY: boolean) => {
  const listeners: OnError[] = [];
  const texts: string[] = [];
  return {
    isTTY,
    texts,
    write: (text: string) => texts.push(text),
    on: (_event: "error", listener: OnError) => listeners.push(listener),
    break: (code: string) => {
      for (const listener of listeners) listener(Object.assign(new Error(code), { code }));
    },
  };
};

interface HostChange {
  readonly isTTY?: boolean;
  readonly env?: Host["env"];
}

const fakeHost = ({ isTTY = false, env = {} }: HostChange = {}) => {
  const exits: number[] = [];
  const time = { seconds: 0 };
  const stdout = fakeStream(isTTY);
  const stderr = fakeStream(isTTY);
  const host: Host = {
    env,
    argv: ["node", "main.ts", "--seed", "1"],
    stdout,
    stderr,
    cwd: () => "/package",
    uptime: () => time.seconds,
    exit: (code) => exits.push(code),
  };
  return { host, stdout, stderr, exits, time };
};

const afresh = "\r\u001b[K";

describe("colour", () => {
  it.each([
    ["a terminal", true, {}, true],
    ["a terminal where NO_COLOR is empty", true, { NO_COLOR: "" }, true],
    ["a terminal with NO_COLOR", true, { NO_COLOR: "1" }, false],
    ["a dumb terminal", true, { TERM: "dumb" }, false],
    ["a file or a pipe", false, {}, false],
  ])("on %s", (_case, isTTY, env, hasColour) => {
    const { paint } = terminalOf(fakeHost({ isTTY, env }).host);
    expect(paint).toBe(hasColour ? colourPaint : plainPaint);
  });
});

describe("the folder of relative paths", () => {
  it("is that in which npm was called, or else the current one", () => {
    expect(terminalOf(fakeHost({ env: { INIT_CWD: "/work" } }).host).folder).toBe("/work");
    expect(terminalOf(fakeHost().host).folder).toBe("/package");
  });
});

describe("progress on a terminal", () => {
  it("is not shown in the first two seconds, and then in one line that is overwritten", () => {
    const { host, stderr, time } = fakeHost({ isTTY: true });
    const { progress } = terminalOf(host);
    progress("one");
    time.seconds = 2;
    progress("two");
    progress("three");
    expect(stderr.texts).toEqual([`${afresh}two`, `${afresh}three`]);
  });

  it("is cleared by an empty text, once, and before anything else is written", () => {
    const { host, stdout, stderr, time } = fakeHost({ isTTY: true });
    const terminal = terminalOf(host);
    terminal.progress("");
    time.seconds = 9;
    terminal.progress("one");
    terminal.progress("");
    terminal.progress("");
    terminal.progress("two");
    terminal.stdout("text\n");
    terminal.progress("three");
    terminal.stderr("error\n");
    expect(stdout.texts).toEqual(["text\n"]);
    expect(stderr.texts).toEqual([
      `${afresh}one`,
      afresh,
      `${afresh}two`,
      afresh,
      `${afresh}three`,
      afresh,
      "error\n",
    ]);
  });
});

describe("progress in a file", () => {
  it("is a line at most every two seconds, and never on stdout", () => {
    const { host, stdout, stderr, time } = fakeHost();
    const { progress } = terminalOf(host);
    for (const seconds of [0, 1.9, 2, 3, 4.5, 5]) {
      time.seconds = seconds;
      progress(`at ${String(seconds)}`);
    }
    progress("");
    expect(stderr.texts).toEqual(["at 2\n", "at 4.5\n"]);
    expect(stdout.texts).toEqual([]);
  });
});

describe("a command as a process", () => {
  it("gets the arguments after the script, and sets the exit code without ending what goes on", async () => {
    const { host, stdout, exits } = fakeHost();
    await runMain(host, (args, terminal) => {
      terminal.stdout(args.join());
      return Promise.resolve(1);
    });
    expect(stdout.texts).toEqual(["--seed,1"]);
    expect(host.exitCode).toBe(1);
    expect(exits).toEqual([]);
  });

  it.each(["stdout", "stderr"] as const)(
    "ends with 0 when the reader of %s has gone, and with any other error of it",
    async (name) => {
      const { exits, ...fake } = fakeHost();
      await runMain(fake.host, () => 0);
      fake[name].break("EPIPE");
      expect(exits).toEqual([0]);
      expect(() => {
        fake[name].break("EIO");
      }).toThrow("EIO");
    },
  );

  it("is told apart by its exit code: refused, or failed, each in one line on stderr", () => {
    const { terminal, said } = recordingTerminal();
    expect(refuse(terminal, "No.")).toBe(2);
    expect(fail(terminal, new Error("Broken."))).toBe(1);
    expect(said).toMatchObject({ stdout: "", stderr: "No.\nBroken.\n" });
    expect(messageOf("text")).toBe("text");
  });

  it("takes the real process", () => {
    expect(terminalOf(process).folder).toBe(process.env["INIT_CWD"] ?? resolve("."));
  });
});
