/** Which protocols answer in XML, and how the others name their JSON. */
import type { ServiceModel } from "../schemas/model.ts";

export type XmlModel = ServiceModel & {
  readonly protocol: "ec2Query" | "awsQuery" | "restXml";
};

export const isXml = (model: ServiceModel): model is XmlModel =>
  model.protocol === "ec2Query" || model.protocol === "awsQuery" || model.protocol === "restXml";

/** Of a service that does not answer in XML. */
export const jsonTypeOf = ({ protocol }: ServiceModel): string =>
  protocol === "restJson" ? "application/json" : `application/x-amz-json-${protocol.slice(-3)}`;
