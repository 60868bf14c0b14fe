/** What every command of `spot` keeps: where its words go, what it ends with, and what it makes of answers that are not the API's. */
import { describe, expect, it } from "@jest/globals";
import { answering, jsonAnswer, spotOn, type Setting } from "./spot-under-test.ts";

const health = {
  status: "ok",
  version: "0.1.0",
  emulated: true,
  region: "us-east-1",
  tables: { state: "reachable" },
  checked_at: "2026-03-02T09:00:00.000Z",
};

const account = {
  account_id: "444455556666",
  name: "Lab",
  environment: "LAB",
  regions: ["us-east-1"],
};

const problem = (type: string, status: number, parts: object = {}): Response =>
  jsonAnswer(
    { type: `urn:spot-optimizer:problem:${type}`, title: "Title", status, ...parts },
    status,
    "application/problem+json",
  );

const run = (answer: Response | Error, args: readonly string[], setting: Setting = {}) => {
  const { fetch, asked } = answering(() => {
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return spotOn({ fetch, ...setting })(...args).then((ran) => ({ ...ran, asked }));
};

describe("spot", () => {
  it("says its own version without asking anybody, before or behind a command", async () => {
    for (const args of [["--version"], ["targets", "list", "--version"]]) {
      const { code, stdout, stderr, asked } = await run(new Error("Nobody is asked."), args);
      expect({ code, stderr, asked }).toEqual({ code: 0, stderr: "", asked: [] });
      expect(stdout).toBe("1.2.3\n");
    }
  });

  it("shows a record by lines parted by tabs where nobody reads them", async () => {
    const { code, stdout, stderr } = await run(jsonAnswer(health), ["health"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual([
      "Status\tok",
      "API\thttp://127.0.0.1:4400",
      "Version\t0.1.0",
      "AWS\tsimulated",
      "Region\tus-east-1",
      "State table\treachable",
      "Checked\t2026-03-02T09:00:00.000Z",
      "",
    ]);
  });

  it("prints the API's own document with --json, and picks fields of it", async () => {
    const whole = await run(jsonAnswer(health), ["health", "--json"]);
    expect(JSON.parse(whole.stdout)).toEqual(health);
    const some = await run(jsonAnswer(health), [
      "--json",
      "health",
      "--fields",
      "tables.state,region",
    ]);
    expect(JSON.parse(some.stdout)).toEqual({
      tables: { state: "reachable" },
      region: "us-east-1",
    });
    const unknown = await run(jsonAnswer(health), ["health", "--fields", "colour"]);
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toBe(
      "spot: No entry has a field colour. Next: one of status, version, emulated, region, tables, checked_at\n",
    );
  });

  it.each([
    [["--url", "https://api.example.com"], undefined, "is not known. Next: give --region"],
    [
      ["--url", "http://api.example.com"],
      undefined,
      "is not encrypted. Next: give --url https://…",
    ],
    [["--url", "api"], undefined, '"api" is not the address of an API'],
    [["--profile", "prod"], undefined, "give --url, or set SPOT_URL"],
    [[], "ftp://x", '"ftp://x" is not the address of an API'],
  ])("ends %j with 2 where it can't know the API", async (args, url, sentence) => {
    const env = {
      SPOT_URL: url,
      AWS_CONFIG_FILE: "/nowhere",
      AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
    };
    const { code, stdout, stderr, asked } = await run(jsonAnswer(health), ["health", ...args], {
      env,
    });
    expect({ code, stdout, asked }).toEqual({ code: 2, stdout: "", asked: [] });
    expect(stderr).toContain(sentence);
  });

  it("takes the address with and without the API's base path, and --local before it", async () => {
    const urls = async (args: readonly string[]) => {
      const env = { SPOT_URL: "http://localhost:4410/api/v1/" };
      const { asked } = await run(jsonAnswer(health), ["health", ...args], { env });
      return asked.map(({ url }) => url);
    };
    expect(await urls([])).toEqual(["http://localhost:4410/api/v1/health"]);
    expect(await urls(["--local"])).toEqual(["http://127.0.0.1:4400/api/v1/health"]);
    expect(await urls(["--url", "http://[::1]:1/live"])).toEqual([
      "http://[::1]:1/live/api/v1/health",
    ]);
  });

  it("ends with 6 where nothing answers, and says how to start it", async () => {
    const refused = new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
    const { code, stdout, stderr } = await run(refused, ["health"]);
    expect({ code, stdout }).toEqual({ code: 6, stdout: "" });
    expect(stderr).toBe(
      "spot: The API at http://127.0.0.1:4400 does not answer (connect ECONNREFUSED). Next: npm start, in another terminal\n",
    );
    const forMachines = await run(refused, ["health", "--json"]);
    expect(forMachines.stdout).toBe("");
    expect(JSON.parse(forMachines.stderr)).toMatchObject({
      type: "urn:spot-optimizer:cli:unreachable",
      next: "npm start, in another terminal",
    });
  });

  it.each([
    [
      "a page of a proxy",
      new Response("<h1>Hi</h1>", { headers: { "content-type": "text/html" } }),
    ],
    ["a redirect", new Response(null, { status: 302, headers: { location: "https://login" } })],
    [
      "JSON that is cut off",
      new Response('{"sta', { headers: { "content-type": "application/json" } }),
    ],
    ["JSON that is not an object", jsonAnswer(42)],
    ["another server's JSON", jsonAnswer({ hello: "world" })],
    ["a failure without JSON", new Response("Bad Gateway", { status: 502 })],
  ])("ends with 6 on %s", async (_what, answer) => {
    const { code, stdout, stderr } = await run(answer, ["health"]);
    expect({ code, stdout }).toEqual({ code: 6, stdout: "" });
    expect(stderr).toMatch(/^spot: .* Next: .*\n$/);
  });

  it.each([
    [
      problem("invalid-body", 422, { detail: "name: is too long." }),
      2,
      "name: is too long. Next: spot health --help",
    ],
    [problem("invalid-parameter", 400), 2, "Title. Next: spot health --help"],
    [problem("not-found", 404), 3, "Title. Next: spot health --help"],
    [
      problem("evaluation-running", 409, {
        detail: "It is being evaluated.",
        evaluation_id: "evl-1",
      }),
      4,
      "It is being evaluated. Next: spot show evl-1 --watch",
    ],
    [problem("kill-switch-engaged", 409), 4, "Title. Next: spot kill-switch off"],
    [problem("mode-not-available", 422), 4, "Title. Next: spot health --help"],
    [problem("refused-by-aws", 502), 4, "Title. Next: spot health --help"],
    [problem("own-request", 403), 5, "Title. Next: spot health --help"],
    [problem("internal-error", 500), 1, "Title. Next: look into the log of the API"],
    [problem("try-again", 503), 6, "Title. Next: the same command in a few seconds"],
    [
      jsonAnswer({ message: "User: arn:aws:iam::1:user/x is not authorized" }, 403),
      5,
      "GET /api/v1/health is denied: User: arn:aws:iam::1:user/x is not authorized. Next: give --profile with a role that has execute-api:Invoke",
    ],
    [
      jsonAnswer({ message: "Endpoint request timed out" }, 504),
      6,
      "GET /api/v1/health was answered 504: Endpoint request timed out. Next: the same command in a few seconds",
    ],
  ])(
    "tells a refusal in one sentence with its exit code and its next step (%#)",
    async (answer, code, text) => {
      const ran = await run(answer.clone(), ["health"]);
      expect(ran).toMatchObject({ code, stdout: "", stderr: `spot: ${text}\n` });
      const forMachines = await run(answer, ["health", "--json"]);
      expect(forMachines).toMatchObject({ code, stdout: "" });
      expect(JSON.parse(forMachines.stderr)).toHaveProperty("next");
    },
  );

  it("lets no control character of the API reach the terminal, and keeps values in JSON", async () => {
    const version = "1\u001b]0;owned\u0007\u009b2J\nStatus\tok\u202e";
    const { stdout } = await run(jsonAnswer({ ...health, version }), ["health"], { columns: 80 });
    expect(stdout).toContain("1\\u001b]0;owned\\u0007\\u009b2J Status ok\\u202e\n");
    const refused = await run(problem("conflict", 409, { detail: version }), ["health"]);
    expect(refused.stderr).toContain("1\\u001b]0;owned\\u0007\\u009b2J Status ok\\u202e");
    const forMachines = await run(jsonAnswer({ ...health, version }), ["health", "--json"]);

    expect(forMachines.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(JSON.parse(forMachines.stdout)).toMatchObject({ version });
  });

  it("paints nothing but for a terminal, and not with --no-color", async () => {
    const page = { items: [{ ...account, status: "ACTIVE" }] };
    const painted = await run(jsonAnswer(page), ["accounts", "list"], { columns: 80 });
    expect(painted.stdout).toContain(
      "444455556666  Lab   LAB          <32>ACTIVE<39>  us-east-1  –\n",
    );
    const plain = await run(jsonAnswer(page), ["accounts", "list", "--no-color"], { columns: 80 });
    expect(plain.stdout).toContain("444455556666\tLab\tLAB\tACTIVE\tus-east-1\t–\n");
  });

  it("ends with 130 when Ctrl-C comes while it waits", async () => {
    const interrupt = new AbortController();
    const { fetch } = answering(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            reject(new Error("aborted"));
          });
          interrupt.abort();
        }),
    );
    const { code, stderr } = await spotOn({ fetch, interrupt: interrupt.signal })("health");
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: "spot: Stopped by Ctrl-C. Next: spot evaluations list\n",
    });
  });

  it("answers mistakes with one line and 2, and points to the help of the command", async () => {
    const mistyped = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await run(jsonAnswer(health), args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      return stderr;
    };
    expect(await mistyped("--no-such-option")).toBe(
      "spot: Unknown option '--no-such-option'. Next: spot --help\n",
    );
    expect(await mistyped("targets", "lst")).toBe(
      "spot: Unknown command 'lst' (Did you mean list?). Next: spot targets --help\n",
    );
    expect(await mistyped("targets", "list", "--limit", "0")).toBe(
      "spot: Option '--limit <n>' argument '0' is invalid. It must be a whole number from 1 to 100000. Next: spot targets list --help\n",
    );
    expect(await mistyped("targets")).toMatch(/^Usage: spot targets /);
    expect(JSON.parse(await mistyped("--json", "nothing"))).toMatchObject({
      type: "urn:spot-optimizer:cli:usage",
      detail: "Unknown command 'nothing'.",
    });
  });

  it("explains itself and its exit codes, within 120 columns", async () => {
    const { code, stdout } = await run(jsonAnswer(health), ["--help"], { columns: 200 });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: spot [^]*\nExit code: 0 [^]*130 Ctrl-C\.\n$/);
    expect(stdout.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });
});
