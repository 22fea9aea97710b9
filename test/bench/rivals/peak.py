"""peak.py THREADS [ROWS DIMENSIONS CLUSTERS]...: GFLOP/s of nothing but fused multiply-adds, and of NumPy's matrix product at each shape."""
import ctypes, json, mmap, os, platform, sys, threading, time

threads = int(sys.argv[1])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(threads)
import numpy as np

# void run(long turns): ten independent vfmadd231ps a turn, on 512-bit and on 256-bit registers (x86-64, System V calling convention)
avx512 = "62f1fd48efc062f1f548efc962f1ed48efd262f1e548efdb62f1dd48efe462f1d548efed62f1cd48eff662f1c548efff6251bd48efc06251b548efc96251ad48efd26251a548efdb62d22d48b8c362d22d48b8cb62d22d48b8d362d22d48b8db62d22d48b8e362d22d48b8eb62d22d48b8f362d22d48b8fb62522d48b8c362522d48b8cb48ffcf75bfc5f877c3"
avx2 = "c5f9efc0c5f1efc9c5e9efd2c5e1efdbc5d9efe4c5d1efedc5c9eff6c5c1efffc44139efc0c44131efc9c44129efd2c44121efdbc4c22db8c3c4c22db8cbc4c22db8d3c4c22db8dbc4c22db8e3c4c22db8ebc4c22db8f3c4c22db8fbc4422db8c3c4422db8cb48ffcf75c9c5f877c3"


def multiply_add_peak():
    flags = open("/proc/cpuinfo").read() if os.path.exists("/proc/cpuinfo") else ""
    if platform.machine() != "x86_64" or " fma " not in flags:
        return None
    code, lanes = (avx512, 16) if " avx512f " in flags else (avx2, 8)
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(bytes.fromhex(code))
    run = ctypes.CFUNCTYPE(None, ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
    turns = 20_000_000
    run(turns // 10)
    workers = [threading.Thread(target=run, args=(turns,)) for _ in range(threads)]
    started = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return 2 * 10 * lanes * turns * threads / (time.perf_counter() - started) / 1e9


def product(rows, dimensions, clusters):
    a = np.random.default_rng(1).standard_normal((rows, dimensions), dtype="float32")
    b = np.random.default_rng(2).standard_normal((clusters, dimensions), dtype="float32")
    out = np.empty((rows, clusters), dtype="float32")
    np.matmul(a, b.T, out=out)
    runs, started = 0, time.perf_counter()
    while time.perf_counter() - started < 1:
        np.matmul(a, b.T, out=out)
        runs += 1
    return 2 * runs * rows * dimensions * clusters / (time.perf_counter() - started) / 1e9


shapes = [tuple(map(int, shape.split("x"))) for shape in sys.argv[2:]]
print(json.dumps({"peak": multiply_add_peak(), "products": [product(*shape) for shape in shapes]}))
