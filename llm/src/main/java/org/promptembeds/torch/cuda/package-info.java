/**
 * Own CUDA kernels, compiled at run time and known to TorchScript as operators; bindings of
 * libtorch's C interface, of the CUDA driver and of NVRTC. Depends on nothing but JNA.
 */
@NullMarked
package org.promptembeds.torch.cuda;

import org.jspecify.annotations.NullMarked;
