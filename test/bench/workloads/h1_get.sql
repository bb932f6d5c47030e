-- H1 get through the bridge
-- cpu: 2.5
-- bridge: 30
-- plain
SELECT doc FROM bench.resource WHERE directory_id = :directory AND id = :id@;
-- wrk
local headers = { Authorization = bench.bench_authorization }

function request()
    return wrk.format("GET", bench.targets[math.random(#bench.targets)].target, headers)
end
