import { describe, expect, it } from "@jest/globals";
import { transformSync } from "esbuild";
import { skipBodies } from "../../infra/skipped-bodies.ts";

const written = (text: string): string =>
  skipBodies(text).replaceAll(/\s+/g, " ").replaceAll("( ", "(").trim();

describe("bodies that V8 is to skip", () => {
  it.each([
    ["const a = (x) => { f(x); };", "const a = function (x) { f(x); };"],
    ["const a = (x) => x + 1;", "const a = function (x) { return (x + 1); };"],
    ["const a = x => ({ x });", "const a = function (x) { return (({ x })); };"],
    ["const a = async (x) => x;", "const a = async function (x) { return (x); };"],
    ["const a = async x => x;", "const a = async function (x) { return (x); };"],
    [
      "const a = b((x) => x, y => y);",
      "const a = b(function (x) { return (x); }, function (y) { return (y); });",
    ],
    ["export default () => 1;", "export default function () { return (1); };"],
    ["(() => { f(); })();", "(function () { f(); })();"],
    [
      "const a = <T,>(x: T): Promise<() => T> => later(x);",
      "const a = function <T,>(x: T): Promise<() => T> { return (later(x)); };",
    ],
    ["const a = () => // why\n  1;", "const a = function () // why { return (1); };"],
  ])("are those of functions: %s", (text, expected) => {
    expect(written(text)).toBe(expected);
  });

  it.each([
    "const a = () => this;",
    "const a = () => () => arguments[0];",
    "const a = () => import.meta.url;",
    "class A { b = () => 1; static c = () => 2; }",
    "function a() { return () => 1; }",
  ])("leave as it is what a function would change, or what is skipped already: %s", (text) => {
    expect(skipBodies(text)).toBe(text);
  });

  it("say the same: what is written is JavaScript that answers alike", () => {
    const text = `
      const add = (a, b = 1, ...rest) => rest.reduce((sum, x) => sum + x, a + b);
      const twice = f => x => f(f(x));
      export const told = [add(1), add(1, 2, 3), twice(x => x * 3)(2), (() => "iife")(), add.name, add.length];`;
    const answer = (code: string): unknown => {
      const module: { exports: { told?: unknown } } = { exports: {} };
      // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
      new Function("module", "exports", transformSync(code, { format: "cjs" }).code)(
        module,
        module.exports,
      );
      return module.exports.told;
    };
    expect(skipBodies(text)).not.toBe(text);
    expect(answer(skipBodies(text))).toEqual(answer(text));
    expect(answer(text)).toEqual([2, 6, 18, "iife", "add", 1]);
  });
});
