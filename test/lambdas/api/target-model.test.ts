import { beforeEach, describe, expect, it } from "@jest/globals";
import { logisticSample } from "../../core/risk/model-samples.ts";
import { apiUnderTest, labAccount, withTarget, type ApiUnderTest } from "./api-under-test.ts";

const version = logisticSample.version;

describe("PUT /lab/instances/{id}/model", () => {
  let api: ApiUnderTest;
  let id: string;
  beforeEach(async () => {
    api = apiUnderTest();
    id = await withTarget(api);
    await api.send("POST", "/models", logisticSample);
  });

  const assign = (body: unknown) => api.send("PUT", `/lab/instances/${id}/model`, body);
  const toProd = () =>
    api.send("PATCH", `/accounts/${labAccount.account_id}`, { environment: "PROD" });

  it("assigns a candidate in a LAB account, and the default again", async () => {
    const assigned = await assign({ model_version: version });
    expect(assigned).toMatchObject({ status: 200, body: { model_version: version } });
    expect((await api.send("GET", `/lab/instances/${id}`)).body).toEqual(assigned.body);
    const taken = await assign({ model_version: null });
    expect(taken.status).toBe(200);
    expect(taken.body).not.toHaveProperty("model_version");
  });

  it("assigns a graduated model, and a built-in one, in a PROD account", async () => {
    await toProd();
    await api.send("POST", `/models/${version}/graduate`, { reason: "good enough" });
    expect((await assign({ model_version: version })).status).toBe(200);
    expect((await assign({ model_version: "hazard-1" })).status).toBe(200);
  });

  it("refuses a candidate in a PROD account, saying what to do", async () => {
    await toProd();
    const answer = await assign({ model_version: version });
    expect(answer).toMatchObject({
      status: 409,
      body: {
        detail: expect.stringContaining("graduate the model"),
        errors: [{ field: "model_version" }],
      },
    });
  });

  it("refuses an archived model anywhere", async () => {
    await api.send("POST", `/models/${version}/reject`, { reason: "worse" });
    expect((await assign({ model_version: version })).status).toBe(409);
  });

  it.each([
    [{ model_version: "streak-9" }, "model_version"],
    [{ model_version: "Über" }, "model_version"],
    [{}, "model_version"],
    [{ model_version: null, why: "so" }, "why"],
  ])("refuses %j naming the field", async (body, field) => {
    expect(await assign(body)).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });

  it("answers 404 for an unknown target", async () => {
    id = "tgt-9999999999";
    expect((await assign({ model_version: null })).status).toBe(404);
  });
});
