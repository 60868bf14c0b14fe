/** What the commands say by which a person decides: tables, records, questions, and what each ends with. */
import { describe, expect, it } from "@jest/globals";
import { cannedAnswer } from "./canned.ts";
import { answering, jsonAnswer, spotOn, type Setting } from "./spot-under-test.ts";
import { committedVerbs, verbs, verbTranscript } from "./transcripts/verbs.ts";

const run = async (args: readonly string[], setting: Setting = {}) => {
  const { fetch, asked } = answering(cannedAnswer);
  const ran = await spotOn({ fetch, ...setting })(...args);
  const sent = asked.map(({ method, url }) => {
    const { pathname, search } = new URL(url);
    return `${method} ${decodeURIComponent(pathname).slice("/api/v1".length)}${search.includes("dry_run=true") ? "?dry_run=true" : ""}`;
  });
  const changing = sent.filter((one) => !/^GET |dry_run=true/.test(one));
  return { ...ran, changing };
};

describe("the commands by which a person decides", () => {
  it("look as `npm run transcripts` writes them now", async () => {
    expect(await verbTranscript()).toBe(committedVerbs());
  });
});

describe.each(Object.entries(verbs))("spot %s", (_name, { args, changes = [], code = 0 }) => {
  const really = changes.length === 0 ? args : [...args, "--yes"];

  it("sends what it says, and ends with what came of it", async () => {
    expect(await run(really)).toMatchObject({ code, changing: changes });
  });

  it("prints one document with --json", async () => {
    const ran = await run([...really, "--json"]);
    expect(ran).toMatchObject({ code, stderr: "" });
    expect(JSON.parse(ran.stdout)).toEqual(expect.any(Object));
  });
});

describe.each(Object.entries(verbs).filter(([, { changes }]) => changes !== undefined))(
  "spot %s, which changes something,",
  (_name, { args }) => {
    it("does nothing without --yes where nobody can be asked", async () => {
      const ran = await run(args);
      expect(ran).toMatchObject({ code: 2, stdout: "", changing: [] });
      expect(ran.stderr).toMatch(/Next: the same command with --yes\n$/);
    });

    it("does nothing where a person says no, and asks one question", async () => {
      const asked: string[] = [];
      const ask = (question: string) => {
        asked.push(question);
        return Promise.resolve("n");
      };
      const ran = await run(args, { ask });
      expect(ran).toMatchObject({ code: 2, stdout: "", changing: [] });
      expect(asked).toEqual([expect.stringMatching(/\? .*\[y\/N\]$|\? \[y\/N\]$/)]);
    });
  },
);

describe.each(Object.entries(verbs))("spot %s ends", (_name, { args, changes }) => {
  const really = changes === undefined ? args : [...args, "--yes"];

  it.each([
    [2, "invalid-body", 422],
    [3, "not-found", 404],
    [4, "conflict", 409],
    [4, "bounds-changed", 409],
    [4, "approval-settled", 409],
    [5, "not-an-approver", 403],
    [6, "try-again", 503],
    [1, "internal-error", 500],
  ])("with %d where the API answers %s", async (code, kind, status) => {
    const problem = { type: `urn:spot-optimizer:problem:${kind}`, status, detail: "So it is." };
    const { fetch } = answering(() => jsonAnswer(problem, status, "application/problem+json"));
    const ran = await spotOn({ fetch })(...really);
    expect(ran).toMatchObject({ code, stdout: "" });
    expect(ran.stderr).toMatch(/spot: So it is\. Next: [^\n]+\n$/);
  });
});
