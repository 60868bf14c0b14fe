import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { renderReport, writeReport } from "../../../../local/backtest/report/render-report.ts";
import { policy, product, report, run, score } from "./sample-report.ts";

/** Names of elements that are closed in the wrong order, or not at all. */
const unbalanced = (page: string): readonly string[] => {
  const open: string[] = [];
  const wrong: string[] = [];
  const markup = page.replace(/^<!doctype html>/, "").replaceAll(/<style>[^<]*<\/style>/g, "");
  for (const [, slash, name = "", rest = ""] of markup.matchAll(/<(\/?)([\w-]+)([^<>]*)>/g)) {
    if (slash === "/") {
      if (open.pop() !== name) wrong.push(name);
    } else if (!rest.endsWith("/")) open.push(name);
  }
  return [...wrong, ...open];
};

const idsOf = (page: string): readonly string[] =>
  [...page.matchAll(/ id="([^"]+)"/g)].map(([, id = ""]) => id);

/** Start tags. */
const pictures = (page: string): readonly string[] =>
  [...page.matchAll(/<svg [^>]*>/g)].map(([start]) => start);

const attribute = (start: string, name: string): string =>
  new RegExp(` ${name}="([^"]*)"`).exec(start)?.[1] ?? "";

const count = (page: string, text: string): number => page.split(text).length - 1;

const many = Array.from({ length: 19 }, (_, index) => run({ trace: `price ${String(index)}` }));

const reports = {
  "one unit": report([run()]),
  "sixteen units": report([run({ units: 16 })]),
  "many traces": report(many),
  "one policy": report([run({ scores: [score(product, 0.33, 7)] })]),
  "two ticks": report([
    run({ ticks: 2, upZones: [[{ fromTick: 0, toTick: 2 }], []], timelines: [] }),
  ]),
  "no timelines, no scores": report([run({ scores: [], timelines: [] })]),
  "a zone that was never up": report([run({ upZones: [[], []] })]),
  nothing: report([]),
};

describe.each(Object.entries(reports))("the page of %s", (_name, data) => {
  const page = renderReport(data);

  it("is well formed, with ids of one owner and references that lead somewhere", () => {
    expect(unbalanced(page)).toEqual([]);
    const ids = idsOf(page);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id = ""] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
  });

  it("names every picture, each otherwise, and describes it", () => {
    const names = pictures(page).map((start) => attribute(start, "aria-label"));
    expect(names).not.toContain("");
    // A trace may be replayed twice, with the same units: nothing else is drawn twice.
    const traces = new Set(data.runs.map(({ trace, units }) => `${trace} ${String(units)}`)).size;
    if (traces === data.runs.length) expect(new Set(names).size).toBe(names.length);
    for (const start of pictures(page)) {
      expect(attribute(start, "role")).toBe("img");
      expect(attribute(start, "aria-description")).not.toBe("");
    }
    expect(page).not.toMatch(/<g[^>]*aria-label/);
  });

  it("has a number wherever one is due", () => {
    expect(page).not.toMatch(/NaN|Infinity|undefined|null|\[object/);
  });

  it("needs no script and nothing from elsewhere", () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|src=/);
    expect(page).not.toContain("http");
  });

  it("is the same for the same data", () => {
    expect(renderReport(structuredClone(data))).toBe(page);
  });
});

describe("what the page shows", () => {
  const page = renderReport(report([run()]));

  it("labels every policy in the means, the scatter and the table", () => {
    for (const name of ["product", "product *", "lowest price"]) {
      expect(count(page, `>${name}</text>`)).toBe(2);
      expect(page).toContain(`<th scope="row">${name}</th>`);
    }
    // Far dearer than the others: beside the axis, with its cost.
    expect(page).toContain(">always On-Demand 100 %</text>");
  });

  it("marks ours, and those that probe", () => {
    const dots = [...page.matchAll(/<g ([^>]*)>(<circle .*?)<\/g>/g)].map(
      ([, style = "", circles = ""]) => ({
        fill: attribute(` ${style}`, "fill"),
        stroke: attribute(` ${style}`, "stroke"),
        names: [...circles.matchAll(/<title>([^:]*):/g)].map(([, name]) => name),
      }),
    );
    expect(dots).toEqual([
      { fill: "var(--other)", stroke: "var(--other)", names: ["lowest price"] },
      { fill: "var(--other)", stroke: "var(--other)", names: ["always On-Demand"] },
      { fill: "var(--ours)", stroke: "var(--ours)", names: ["product"] },
      { fill: "var(--paper)", stroke: "var(--ours)", names: ["product *"] },
    ]);
    expect(count(page, '<tr class="is-ours">')).toBe(2);
  });

  it("draws the means, the scatter and each timeline, and says what is seen", () => {
    expect(pictures(page).map((start) => attribute(start, "aria-label"))).toEqual([
      "J over optimum per policy, 1 unit",
      "Cost and interruptions on day, 1 unit",
      "Where product ran on day, 1 unit",
      "Where lowest price ran on day, 1 unit",
    ]);
    expect(attribute(pictures(page)[2] ?? "", "aria-description")).toContain(
      "1 interruption, J ÷ optimum 1.10",
    );
  });

  it("draws of several units the stack, the interruptions and the zones' capacity", () => {
    const stacks = pictures(renderReport(report([run({ units: 16 })]))).slice(2, 5);
    expect(stacks.map((start) => attribute(start, "aria-label"))).toEqual([
      "Where product ran on day, 16 units",
      "Interruptions of product on day, 16 units",
      "When the zones of day had capacity, under product, 16 units",
    ]);
    expect(attribute(stacks[2] ?? "", "aria-description")).toBe(
      "Share of the time: us-east-1a 35 %, us-east-1b 83 %",
    );
  });

  it("draws the zones' capacity once and refers to it", () => {
    expect(count(page, 'id="run-0-bands"')).toBe(1);
    expect(count(page, '<use href="#run-0-bands">')).toBe(1);
  });

  it("shows where the unit was lost, and that it was down", () => {
    const bars = [...page.matchAll(/<g ([^>]*stroke="var\(--loss\)"[^>]*)>/g)].map(
      ([, style = ""]) => attribute(` ${style}`, "stroke-width"),
    );
    // Of each timeline the time that it was down, and the moment at which it was lost.
    expect(bars).toEqual(["8", "18", "8", "18"]);
  });

  it("unfolds few traces, and of many only the first", () => {
    expect(count(renderReport(report(many)), ' open="open"')).toBe(1);
    expect(count(renderReport(report(many.slice(0, 3))), ' open="open"')).toBe(3);
  });

  it("shows means for each number of units", () => {
    const means = [1, 16].map((units) => ({ ...product, units, jOverOptimum: 1.2 }));
    const both = renderReport(report([run()], { means }));
    expect(both).toContain("<h3>1 unit</h3>");
    expect(both).toContain("<h3>16 units</h3>");
  });
});

describe("hostile and broken data", () => {
  it("escapes every text", () => {
    const nasty = `<b onclick="x">&'\u0000`;
    const data = report(
      [
        run({
          trace: nasty,
          zones: [nasty, "us-east-1b"],
          scores: [score(policy(nasty, { isOurs: true }), 0.33, 7), score(product, 0.4, 1)],
        }),
        run(),
      ],
      { title: nasty, command: nasty },
    );
    const page = renderReport(data);
    expect(page).not.toContain("<b ");
    expect(page).not.toContain("\u0000");
    expect(page).toContain("<h1>&lt;b onclick=&quot;x&quot;&gt;&amp;&#39;\ufffd</h1>");
    expect(unbalanced(page)).toEqual([]);
  });

  it("leaves out of the pictures what is not a number, and writes a dash", () => {
    const broken = { ...score(product, Number.NaN, 7), jOverOptimum: Infinity };
    const page = renderReport(report([run({ scores: [broken, score(product, 0.4, 1)] })]));
    expect(page).not.toMatch(/NaN|Infinity/);
    expect(page).toContain("<td>–</td>");
  });
});

describe("the file", () => {
  it("is written with the folder that it lies in", async () => {
    const path = join(await mkdtemp(join(tmpdir(), "report-")), "deep", "report.html");
    writeReport(path, report([run()]));
    expect(await readFile(path, "utf8")).toBe(renderReport(report([run()])));
  });

  it("stays small: twelve thousand ticks that all differ, nine zones, sixteen units, five traces", () => {
    const ticks = 12_000;
    const flicker = Array.from({ length: ticks / 2 }, (_, index) => ({
      fromTick: 2 * index,
      toTick: 2 * index + 1,
    }));
    const zones = Array.from({ length: 9 }, (_, index) => `us-east-1${"abcdefghi"[index] ?? ""}`);
    const stays = Array.from({ length: ticks }, (_, tick) => ({
      fromTick: tick,
      toTick: tick + 1,
      place: zones[(tick * 7 + (tick >> 4)) % 9] ?? "down",
    }));
    const wild = run({
      units: 16,
      ticks,
      zones,
      upZones: zones.map(() => flicker),
      timelines: [product, policy("lowest price")].map((named) => ({
        ...named,
        units: Array.from({ length: 16 }, () => stays),
        interruptions: stays.map(({ fromTick, place }) => ({
          tick: fromTick,
          unit: 0,
          zone: place,
        })),
      })),
    });
    const page = renderReport(report(Array.from({ length: 5 }, () => wild)));
    expect(page.length).toBeLessThan(2_000_000);
  });
});
