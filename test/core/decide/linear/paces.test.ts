import { describe, expect, it } from "@jest/globals";
import { finalChecks, finalImage, paces } from "../../../../core/decide/linear/paces.ts";
import type { Wait } from "../../../../core/model/evaluation.ts";

describe("the first look at the checks of a replacement on its final root", () => {
  const after = (seconds: number): string =>
    new Date(Date.parse("2026-03-02T09:00:00.000Z") + seconds * 1000).toISOString();
  const wait = (from: number): Wait => ({
    beganAt: after(from),
    deadline: after(900),
    pace: paces.warmChecks,
  });

  it.each([
    { what: "nine tenths of what they surely took after the launch", frozen: 180, seconds: 135 },
    { what: "three minutes where the stop was made much later", frozen: 3600, seconds: 162 },
    { what: "nothing where they passed at the second look", frozen: 25, seconds: 0 },
  ])("comes after $what", ({ frozen, seconds }) => {
    const seen = { waits: { "healthy-warm": wait(0) }, progress: { frozenAt: after(frozen) } };
    expect(finalChecks(seen).firstSeconds).toBe(seconds);
  });

  it("does not count what the stop itself had to wait for", () => {
    const waits = { "healthy-warm": wait(0), freeze: wait(130) };
    const seen = { waits, progress: { frozenAt: after(170) } };
    expect(finalChecks(seen).firstSeconds).toBe(90);
  });

  it.each([
    {
      what: "nobody waited for them after the launch",
      waits: {},
      progress: { frozenAt: after(9) },
    },
    { what: "no stop is recorded", waits: { "healthy-warm": wait(0) }, progress: {} },
  ])("comes at once where $what", (seen) => {
    expect(finalChecks(seen).firstSeconds).toBe(0);
  });
});

describe("the first look at the image of the stopped original", () => {
  const wait = (seconds: number): Wait => ({
    beganAt: new Date(Date.parse("2026-03-02T09:00:00.000Z") + seconds * 1000).toISOString(),
    deadline: "2026-03-02T12:00:00.000Z",
    pace: paces.warmImage,
  });

  it.each([
    { what: "at the least where nobody waited for the first one", waits: {}, seconds: 30 },
    {
      what: "at the least where the first one was quick",
      waits: { "image-warm": wait(0), "healthy-warm": wait(60) },
      seconds: 30,
    },
    {
      what: "after half of what the first one took, in whole intervals of looking",
      waits: { "image-warm": wait(0), "healthy-warm": wait(95) },
      seconds: 46,
    },
    {
      what: "after a minute where the first one took very long",
      waits: { "image-warm": wait(0), "healthy-warm": wait(4_000) },
      seconds: 54,
    },
    {
      what: "without what was waited for the isolation",
      waits: { "image-warm": wait(0), isolate: wait(95), "healthy-warm": wait(400) },
      seconds: 46,
    },
  ])("comes $what", ({ waits, seconds }) => {
    expect(finalImage({ waits }).firstSeconds).toBe(seconds);
  });
});
