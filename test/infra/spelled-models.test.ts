import { describe, expect, it } from "@jest/globals";
import { V1ObjectMeta, V1Pod, V1PodSpec } from "@kubernetes/client-node/dist/gen/index.js";
import { modelsOf, type SpelledModels } from "../../infra/spelled-models.ts";

const classes = { V1ObjectMeta, V1Pod, V1PodSpec };

const spelled: SpelledModels = Object.fromEntries(
  Object.entries(classes).map(([name, model]) => [
    name,
    model
      .getAttributeTypeMap()
      .map(({ name: ours, baseName, type, format }) => [ours, baseName, type, format]),
  ]),
);

describe("models spelled out in a text", () => {
  const models = modelsOf(JSON.stringify(spelled));

  it.each(Object.entries(classes))("have the attributes of %s", (name, model) => {
    expect(models[name]?.getAttributeTypeMap()).toEqual(model.getAttributeTypeMap());
  });

  it("are classes, of whose objects each has what is set on it alone", () => {
    const { V1Pod: Pod = Object } = models;
    const [one, other] = [new Pod(), new Pod()];
    Object.assign(one, { kind: "Pod" });
    expect([one, other]).toEqual([{ kind: "Pod" }, {}]);
  });

  it("are no more than the text has", () => {
    expect(Object.keys(models)).toEqual(Object.keys(classes));
  });
});
