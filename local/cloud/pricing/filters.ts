/** Filters of GetProducts. Source: AWS Price List API reference, Filter. */
import type { Filter } from "@aws-sdk/client-pricing";
import { CloudError } from "../contract.ts";

export type Attributes = Readonly<Record<string, string>>;

export const invalid = (message: string): CloudError =>
  new CloudError("InvalidParameterException", message);

type Judge = (attributes: Attributes) => boolean;

/** `productFamily` stands beside the attributes of a product; here it is one of them. */
export const judgeOf = (filter: Filter): Judge => {
  const { Field: field = "", Value: value = "", Type: type = "TERM_MATCH" } = filter;
  const values = value.split(",").map((each) => each.trim());
  const read = (attributes: Attributes): string | undefined =>
    field === "ServiceCode" ? attributes.servicecode : attributes[field];
  switch (type) {
    case "TERM_MATCH":
    case "EQUALS":
      return (attributes) => read(attributes) === value;
    case "CONTAINS":
      return (attributes) => read(attributes)?.includes(value) === true;
    case "ANY_OF":
      return (attributes) => values.includes(read(attributes) ?? "");
    case "NONE_OF":
      return (attributes) => !values.includes(read(attributes) ?? "");
    default:
      throw invalid(`The filter type ${String(type)} is not known.`);
  }
};
