interface Price {
  readonly usd: number;
  readonly per: "hour" | "month" | "GB" | "GB-month";
  readonly what: string;
  readonly source: string;
}

const list =
  "AWS list price, us-east-1, published by AWS (EKS, VPC, EC2, KMS pricing pages), read 2026-11-20";
const known = "AWS list price, us-east-1, from general knowledge, not checked, 2026-11-20";

/** Region that the prices are of; a stack elsewhere sees these, and other regions cost up to a third more. */
export const priceRegion = "us-east-1";

/** AWS's own month. */
export const hoursPerMonth = 730;

/** List prices of what the program makes, Linux and on demand. */
export const prices = {
  controlPlaneStandard: { usd: 0.1, per: "hour", what: "EKS cluster in standard support", source: list },
  controlPlaneExtended: { usd: 0.6, per: "hour", what: "EKS cluster in extended support", source: list },
  natGateway: { usd: 0.045, per: "hour", what: "NAT gateway", source: list },
  natGatewayData: { usd: 0.045, per: "GB", what: "data through the NAT gateway", source: list },
  publicIpv4: { usd: 0.005, per: "hour", what: "public IPv4 address, used or not", source: list },
  interfaceEndpoint: { usd: 0.01, per: "hour", what: "interface endpoint, each zone", source: list },
  interfaceEndpointData: { usd: 0.01, per: "GB", what: "data through an interface endpoint", source: list },
  gatewayEndpoint: { usd: 0, per: "hour", what: "gateway endpoint (S3)", source: list },
  gp3: { usd: 0.08, per: "GB-month", what: "gp3 volume", source: list },
  // Of a key in its first year: the first and the second yearly rotation add as much each (AWS KMS pricing page).
  kmsKey: { usd: 1, per: "month", what: "customer managed KMS key", source: list },
  logIngestion: { usd: 0.5, per: "GB", what: "CloudWatch Logs ingestion", source: known },
  logStorage: { usd: 0.03, per: "GB-month", what: "CloudWatch Logs storage", source: known },
} as const satisfies Readonly<Record<string, Price>>;

/** US dollars an hour for an instance. All from general knowledge, not checked (see `instancePriceSource`). */
export const instancePrices = {
  "t3.medium": 0.0416,
  "t3.large": 0.0832,
  "t3.xlarge": 0.1664,
  "t3.2xlarge": 0.3328,
  "t4g.medium": 0.0336,
  "t4g.large": 0.0672,
  "t4g.xlarge": 0.1344,
  "t4g.2xlarge": 0.2688,
  "m6i.large": 0.096,
  "m6i.xlarge": 0.192,
  "m6i.2xlarge": 0.384,
  "m6g.large": 0.077,
  "m6g.xlarge": 0.154,
  "m6g.2xlarge": 0.308,
  "m7i.large": 0.1008,
  "m7i.xlarge": 0.2016,
  "m7i.2xlarge": 0.4032,
  "m7g.large": 0.0816,
  "m7g.xlarge": 0.1632,
  "m7g.2xlarge": 0.3264,
  "c7i.large": 0.08925,
  "c7i.xlarge": 0.1785,
  "c7i.2xlarge": 0.357,
  "c7g.large": 0.0725,
  "c7g.xlarge": 0.145,
  "c7g.2xlarge": 0.29,
  "r7i.large": 0.1323,
  "r7i.xlarge": 0.2646,
  "r7i.2xlarge": 0.5292,
  "r7g.large": 0.1071,
  "r7g.xlarge": 0.2142,
  "r7g.2xlarge": 0.4284,
} as const satisfies Readonly<Record<string, number>>;

/** Where the instance prices are from. */
export const instancePriceSource = known;
