import { describe, expect, it } from "@jest/globals";
import { apiByNoun } from "../../../lambdas/api/nouns.ts";
import { apiUnderTest } from "./api-under-test.ts";

const api = apiUnderTest();
const appFor = apiByNoun(api.context);

const routesOf = ({ routes }: Awaited<ReturnType<typeof appFor>>): readonly string[] =>
  routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`);

const all = routesOf(api.app);

/** `/api/v1/accounts/` of `GET /api/v1/accounts/:id`. */
const nounOf = (route: string): string => route.split(" ")[1]?.split("/")[3] ?? "";

describe("the API noun by noun", () => {
  it.each([...new Set(all.map(nounOf))].map((noun) => ({ noun })))(
    "has every route below /$noun",
    async ({ noun }) => {
      const below = all.filter((route) => nounOf(route) === noun);
      expect(below.length).toBeGreaterThan(0);
      const app = await appFor(`/api/v1/${noun}/anything`);
      expect(
        routesOf(app)
          .filter((route) => nounOf(route) === noun)
          .sort(),
      ).toEqual(below.sort());
    },
  );

  it("loads a noun alone, and once", async () => {
    const app = await appFor("/api/v1/models");
    expect(routesOf(app).every((route) => nounOf(route) === "models")).toBe(true);
    expect(await appFor("/api/v1/models/streak-3")).toBe(app);
  });

  it.each([
    "/api/v1/openapi.json",
    "/api/v1/%61ccounts",
    "/api/v1x/accounts",
    "/api/v1",
    "/",
    "/api/v1/toString",
  ])("answers as a whole what names no noun: %s", async (path) => {
    expect([...routesOf(await appFor(path))].sort()).toEqual([...all].sort());
  });

  it.each([
    ["POST", "/api/v1/accounts/acc/nothing"],
    ["PUT", "/api/v1/accounts"],
    ["GET", "/api/v1/models/streak-3/graduate"],
    ["GET", "/api/v1/evaluations/not-an-id"],
  ])("refuses as the whole does: %s %s", async (method, path) => {
    const env = { event: { requestContext: { identity: { userArn: "arn:aws:iam::1:user/ben" } } } };
    const ask = async (app: typeof api.app): Promise<unknown> => {
      const answer = await app.request(path, { method }, env);
      return [answer.status, answer.headers.get("allow"), await answer.json()];
    };
    expect(await ask(await appFor(path))).toEqual(await ask(api.app));
  });
});
