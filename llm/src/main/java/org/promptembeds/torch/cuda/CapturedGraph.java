package org.promptembeds.torch.cuda;

/** Work on a GPU that was captured, and is launched as a whole. */
public final class CapturedGraph implements AutoCloseable {
  private final Gpu gpu;
  private final long stream;
  private final long executable;
  private final long nodes;

  /** Takes over {@code graph}. */
  CapturedGraph(Gpu gpu, long stream, long graph) {
    this.gpu = gpu;
    this.stream = stream;
    LaunchCells cells = LaunchCells.mine();
    CudaDriver.check(
        DriverC.cuGraphGetNodes(graph, 0, cells.outAddress()), "counting the nodes of a graph");
    this.nodes = cells.out().getLong(0);
    int status = DriverC.cuGraphInstantiateWithFlags(cells.outAddress(), graph, 0);
    long made = status == 0 ? cells.out().getLong(0) : 0;
    DriverC.cuGraphDestroy(graph);
    CudaDriver.check(status, "making a captured graph executable");
    this.executable = made;
  }

  /** Launches, copies and fills that were captured. */
  public long nodes() {
    return nodes;
  }

  /** Submits the work to the stream that it was captured on. */
  public void launch() {
    gpu.makeCurrent();
    CudaDriver.check(DriverC.cuGraphLaunch(executable, stream), "launching a graph");
  }

  @Override
  public void close() {
    gpu.makeCurrent();
    CudaDriver.check(DriverC.cuGraphExecDestroy(executable), "giving up a graph");
  }
}
