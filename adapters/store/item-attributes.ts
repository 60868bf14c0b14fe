/** One Item as the attributes of its row, and back. */
import * as z from "zod";
import { SpotOptimizerError } from "../../core/errors.ts";
import {
  attributesBytes,
  fromAttributes,
  fromAttributeValue,
  toAttributeValue,
} from "./attribute-values.ts";
import type { Attributes } from "./attribute-values.ts";
import { itemSchemaVersion, maxItemBytes } from "./schema.ts";
import type { Item, Key } from "./table.ts";

/** Who wrote the row last: tells our own write, repeated by the SDK, from another writer's. */
export const writeIdAttribute = "writeId";

const headSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  version: z.number(),
  schema: z.int(),
  gsi1pk: z.string().exactOptional(),
  gsi1sk: z.string().exactOptional(),
  gsi2pk: z.string().exactOptional(),
  gsi2sk: z.string().exactOptional(),
  ttl: z.number().exactOptional(),
});

export const keyAttributes = (key: Key): Attributes => ({ pk: { S: key.pk }, sk: { S: key.sk } });

/** @throws BrokenInput naming the path of what can't be stored. */
export const toItemAttributes = (item: Item): Attributes => {
  const { data, ...head } = item;
  const attributes: Attributes = { schema: { N: String(itemSchemaVersion) } };
  for (const [name, value] of Object.entries(head)) {
    attributes[name] = toAttributeValue(value, name);
  }
  attributes["data"] = toAttributeValue(data, `${item.pk}/${item.sk}`);
  return attributes;
};

/** @throws BrokenFacts if the row was not written by this store. */
export const fromItemAttributes = (attributes: Attributes): Item => {
  const { data, ...rest } = attributes;
  const head = headSchema.safeParse(fromAttributes(rest));
  if (!head.success || data === undefined) {
    const name = `${attributes["pk"]?.S ?? "?"}/${attributes["sk"]?.S ?? "?"}`;
    throw new SpotOptimizerError(
      "BrokenFacts",
      `The stored item ${name} was not written by this product.`,
      {
        resource: name,
      },
    );
  }
  const { schema, ...item } = head.data;
  if (schema > itemSchemaVersion) {
    const name = `${item.pk}/${item.sk}`;
    throw new SpotOptimizerError(
      "BrokenFacts",
      `The stored item ${name} was written by a later release (schema ${String(schema)}; this one reads up to ${String(itemSchemaVersion)}).`,
      { resource: name, nextStep: "Deploy that release, or a later one." },
    );
  }
  return { ...item, data: fromAttributeValue(data) };
};

/** What a table in memory holds of it. @throws BrokenInput on what DynamoDB can't store, BrokenRequest on more than an item holds */
export const asStored = (item: Item): Item => {
  const attributes = toItemAttributes(item);
  if (attributesBytes(attributes) > maxItemBytes) {
    const resource = `${item.pk}/${item.sk}`;
    const message = `Item ${resource} exceeds the ${String(maxItemBytes / 1024)} KB of an item.`;
    throw new SpotOptimizerError("BrokenRequest", message, { resource });
  }
  return fromItemAttributes(attributes);
};
