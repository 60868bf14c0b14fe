import { describe, expect, it } from "@jest/globals";
import {
  bandsFor,
  fetchAdvisorFeed,
  parseAdvisorFeed,
} from "../../../adapters/aws/spot-advisor.ts";

const ranges = [
  { index: 0, label: "<5%", dots: 0, max: 5 },
  { index: 1, label: "5-10%", dots: 1, max: 11 },
  { index: 2, label: "10-15%", dots: 2, max: 16 },
  { index: 3, label: "15-20%", dots: 3, max: 22 },
  { index: 4, label: ">20%", dots: 4, max: 100 },
];

const feed = (types: object, change: object = {}): unknown => ({
  ranges,
  instance_types: { "m5.large": { emr: true, cores: 2, ram_gb: 8 } },
  spot_advisor: { "eu-central-1": { Linux: types, Windows: { "m5.large": { s: 40, r: 0 } } } },
  ...change,
});

const where = { region: "eu-central-1", os: "Linux" } as const;

describe("bands", () => {
  it("take their bounds from the labels, the last one up to 100", () => {
    const parsed = parseAdvisorFeed(
      feed({
        "z1.large": { s: 1, r: 4 },
        "m5.large": { s: 70, r: 0 },
        "c5.large": { s: 60, r: 1 },
      }),
    );
    expect(bandsFor(parsed, where)).toEqual([
      { instanceType: "c5.large", band: 1, label: "5-10%", minPercent: 5, maxPercent: 10 },
      { instanceType: "m5.large", band: 0, label: "<5%", minPercent: 0, maxPercent: 5 },
      { instanceType: "z1.large", band: 4, label: ">20%", minPercent: 20, maxPercent: 100 },
    ]);
    expect(bandsFor(parsed, { ...where, os: "Windows" })).toHaveLength(1);
  });

  it("fall back to the feed's maxima where a label can't be read, in whatever order they come", () => {
    const strange = [
      { index: 1, label: "often", max: 50 },
      { index: 0, label: "rarely", max: 7 },
    ];
    const parsed = parseAdvisorFeed(
      feed({ a: { s: 1, r: 0 }, b: { s: 1, r: 1 } }, { ranges: strange }),
    );
    expect(bandsFor(parsed, where)).toEqual([
      { instanceType: "a", band: 0, label: "rarely", minPercent: 0, maxPercent: 7 },
      { instanceType: "b", band: 1, label: "often", minPercent: 7, maxPercent: 100 },
    ]);
  });

  it("are empty for a region that the feed does not cover", () => {
    expect(bandsFor(parseAdvisorFeed(feed({})), { ...where, region: "xx-new-1" })).toEqual([]);
  });
});

describe("a malformed feed is refused, naming the path", () => {
  it.each([
    ["nothing", undefined, "the document"],
    ["a text", "<html>", "the document"],
    ["no ranges", feed({}, { ranges: [] }), "ranges"],
    ["a range without a label", feed({}, { ranges: [{ index: 0, max: 5 }] }), "ranges.0.label"],
    [
      "a band that is not a number",
      feed({ "m5.large": { s: 1, r: "0" } }),
      "spot_advisor.eu-central-1.Linux.m5.large.r",
    ],
    [
      "a band that no range explains",
      feed({ "m5.large": { s: 1, r: 9 } }),
      "spot_advisor.eu-central-1.Linux.m5.large.r",
    ],
    ["no regions", { ranges }, "spot_advisor"],
  ])("%s", (_what, body, path) => {
    expect(() => parseAdvisorFeed(body)).toThrow(
      expect.objectContaining({ name: "BrokenFacts", resource: path }),
    );
  });
});

describe("fetching", () => {
  const url = "https://feed.example/spot-advisor-data.json";
  const answering =
    (answer: () => Promise<Response>): typeof fetch =>
    () =>
      answer();

  it("gives the document", async () => {
    const fetchUrl = answering(() => Promise.resolve(new Response('{"ranges":[]}')));
    await expect(fetchAdvisorFeed(fetchUrl, url)).resolves.toEqual({ ranges: [] });
  });

  it.each([
    ["HTTP 503", () => Promise.resolve(new Response("", { status: 503 })), "RetryableUnavailable"],
    ["HTTP 429", () => Promise.resolve(new Response("", { status: 429 })), "RetryableUnavailable"],
    ["HTTP 403", () => Promise.resolve(new Response("", { status: 403 })), "BrokenFacts"],
    ["no JSON", () => Promise.resolve(new Response("<html>")), "BrokenFacts"],
    [
      "a server that can't be reached",
      () => Promise.reject(new TypeError("fetch failed")),
      "RetryableUnavailable",
    ],
  ])("%s", async (_what, answer, name) => {
    await expect(fetchAdvisorFeed(answering(answer), url)).rejects.toMatchObject({
      name,
      resource: url,
    });
  });
});
