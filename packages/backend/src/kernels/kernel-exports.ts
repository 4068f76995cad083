/** The address of float32 (or int32) values in the backend's memory; 0 leaves an optional argument out. */
type Address = number;

/** The exports of the module compiled from assembly/, where each function is documented. */
export interface KernelExports {
  matrixMultiplyScratch(m: number, n: number, k: number): number;
  matrixMultiply(
    a: Address,
    b: Address,
    c: Address,
    m: number,
    n: number,
    k: number,
    transposeA: boolean,
    transposeB: boolean,
    bias: Address,
    relu: boolean,
    mask: Address,
    accumulate: boolean,
    scratch: Address,
  ): void;
  columnSums(matrix: Address, out: Address, rows: number, columns: number): void;
  activate(kind: number, x: Address, out: Address, count: number): void;
  activationGradient(kind: number, dy: Address, y: Address, out: Address, count: number): void;
  adam(
    parameters: Address,
    gradient: Address,
    firstMoment: Address,
    secondMoment: Address,
    count: number,
    beta1: number,
    complement1: number,
    beta2: number,
    complement2: number,
    stepSize: number,
    rootCorrection: number,
    epsilon: number,
  ): void;
  polyak(target: Address, source: Address, count: number, tau: number): void;
  sumOfSquares(x: Address, count: number): number;
  scale(x: Address, out: Address, count: number, factor: number): void;
  squashedGaussian(
    head: Address,
    noise: Address,
    action: Address,
    rawAction: Address,
    logProb: Address,
    batch: number,
    actions: number,
    minimum: number,
    maximum: number,
  ): void;
  squashedGaussianGradient(
    head: Address,
    noise: Address,
    action: Address,
    dAction: Address,
    dRawAction: Address,
    dLogProb: Address,
    dHead: Address,
    batch: number,
    actions: number,
    minimum: number,
    maximum: number,
  ): void;
  affineCoupling(
    x: Address,
    parameters: Address,
    context: Address,
    y: Address,
    logDeterminant: Address,
    hiddenValues: Address,
    logScale: Address,
    batch: number,
    size: number,
    changed: number,
    firstChanged: number,
    hidden: number,
    contextStride: number,
    maximum: number,
    invert: boolean,
  ): void;
  affineCouplingGradient(
    x: Address,
    parameters: Address,
    y: Address,
    hiddenValues: Address,
    logScale: Address,
    dy: Address,
    dLogDeterminant: Address,
    dx: Address,
    dParameters: Address,
    dContext: Address,
    delta: Address,
    batch: number,
    size: number,
    changed: number,
    firstChanged: number,
    hidden: number,
    contextStride: number,
    maximum: number,
    invert: boolean,
  ): void;
  batchNormalization(
    x: Address,
    parameters: Address,
    running: Address,
    y: Address,
    moments: Address,
    rows: number,
    columns: number,
    epsilon: number,
    rate: number,
    renormalize: boolean,
  ): void;
  batchNormalizationSums(
    x: Address,
    dy: Address,
    moments: Address,
    sums: Address,
    rows: number,
    columns: number,
  ): void;
  batchNormalizationGradient(
    x: Address,
    dy: Address,
    moments: Address,
    sums: Address,
    dx: Address,
    rows: number,
    columns: number,
    relu: boolean,
  ): void;
  layerNormalization(
    x: Address,
    parameters: Address,
    y: Address,
    inverses: Address,
    rows: number,
    columns: number,
    epsilon: number,
    relu: boolean,
  ): void;
  layerNormalizationGradient(
    z: Address,
    dy: Address,
    scale: Address,
    inverses: Address,
    dx: Address,
    rows: number,
    columns: number,
  ): void;
  foldNormalization(
    parameters: Address,
    running: Address,
    out: Address,
    inputs: number,
    outputs: number,
    epsilon: number,
    scratch: Address,
  ): void;
  nonzeroRows(matrix: Address, numbers: Address, rows: number, columns: number): number;
  gatherRows(matrix: Address, numbers: Address, out: Address, count: number, columns: number): void;
  copyBlock(
    source: Address,
    out: Address,
    rows: number,
    columns: number,
    repeats: number,
    sourceStride: number,
    outStride: number,
  ): void;
  addToRows(rows: Address, numbers: Address, matrix: Address, count: number, columns: number): void;
  softBellmanTarget(
    values: Address,
    logProb: Address,
    temperature: Address,
    rewards: Address,
    continues: Address,
    out: Address,
    members: number,
    batch: number,
    discount: number,
  ): void;
  smallestValueGradient(
    values: Address,
    dOut: Address,
    dValues: Address,
    members: number,
    batch: number,
  ): void;
  squaredError(
    values: Address,
    target: Address,
    out: Address,
    members: number,
    batch: number,
    scale: number,
  ): void;
  squaredErrorGradient(
    values: Address,
    target: Address,
    dOut: Address,
    dValues: Address,
    members: number,
    batch: number,
    scale: number,
  ): void;
  softPolicyLoss(
    values: Address,
    logProb: Address,
    temperature: Address,
    loss: Address,
    entropy: Address,
    members: number,
    batch: number,
  ): void;
  softPolicyLossGradient(
    values: Address,
    temperature: Address,
    dLoss: Address,
    dEntropy: Address,
    dValues: Address,
    dLogProb: Address,
    members: number,
    batch: number,
  ): void;
  fillNormal(
    out: Address,
    count: number,
    key0: number,
    key1: number,
    position: number,
    tables: Address,
    scratch: Address,
  ): number;
  fillUniform(
    out: Address,
    count: number,
    low: number,
    high: number,
    key0: number,
    key1: number,
    position: number,
    scratch: Address,
  ): number;
  squash(x: Address, y: Address, logDet: Address, rows: number, columns: number): void;
  squashGradient(y: Address, dy: Address, dLogDet: Address, dx: Address, rows: number, columns: number): void;
  importanceSoftValue(
    values: Address,
    logDensities: Address,
    out: Address,
    members: number,
    states: number,
    perState: number,
    temperature: number,
    logPerState: number,
  ): void;
  mixtureProposalsScratch(drawsPerState: number, perState: number, size: number): number;
  mixtureProposals(
    draws: Address,
    noise: Address,
    uniforms: Address,
    actions: Address,
    logDensities: Address,
    scratch: Address,
    states: number,
    drawsPerState: number,
    perState: number,
    size: number,
    bandwidth: number,
    logUniform: number,
    logPerState: number,
  ): void;
  steinDirectionsScratch(fixedCount: number, updatedCount: number, size: number): number;
  steinDirections(
    fixed: Address,
    scores: Address,
    updated: Address,
    directions: Address,
    meanLength: Address,
    meanBandwidth: Address,
    scratch: Address,
    states: number,
    fixedCount: number,
    updatedCount: number,
    size: number,
    logFixedCount: number,
  ): void;
}
